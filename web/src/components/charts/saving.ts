/** Charts as files: a picture of what is drawn, and the figures behind it. Knows the DOM of a figure; asks nobody. */
import type { ChartSpec, Fact, Scalar } from "@/lib/api/types";
import { saveBlob, saveText } from "@/lib/saving";
import { keyAt } from "./series";

const SCALE = 2; // sharp on slides and on dense screens
const PAD = 24;
const RISKY = /^[=+\-@\t\r\n＝＋－＠]/; // what a spreadsheet would run

const escaped = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One cell of a CSV file: numbers with every digit, text that a spreadsheet would run defused by an apostrophe. */
function cell(value: Scalar | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? escaped(RISKY.test(value) ? `'${value}` : value) : String(value);
}

/** The chart's points as CSV (RFC 4180), keys and figures in full. */
export function chartCsv(chart: ChartSpec, fact?: Fact): string {
  const isMap = chart.type === "heatmap" && chart.valueKey != null;
  const isBins = chart.type === "histogram";
  const head = [isBins ? `${chart.xLabel} from` : chart.xLabel || chart.xKey, ...(isBins ? [`${chart.xLabel} to`] : []), chart.yLabel || chart.yKey, ...(isMap ? ["value"] : [])];
  const rows = chart.data.map((record, index) => {
    const key = chart.type === "bar" && fact ? (keyAt(chart, fact, index) ?? record[chart.xKey]) : record[chart.xKey];
    return [key, ...(isBins ? [record.to] : []), record[chart.yKey], ...(isMap ? [record[chart.valueKey as string]] : [])];
  });
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Save the chart's points as a file for spreadsheets. */
export const saveCsv = (chart: ChartSpec, fact?: Fact) => saveText(chartCsv(chart, fact), fileNameOf(chart, "csv"), "text/csv;charset=utf-8");

export const fileNameOf = (chart: ChartSpec, ending: string) =>
  `${chart.title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60).toLowerCase() || "chart"}.${ending}`;

const DRAWN = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "fill-opacity", "stroke-opacity", "opacity", "font-size", "font-family", "font-weight", "text-anchor", "visibility", "display"];

/** A copy of the drawing that needs no style sheet: what the page's colours come to stands in each element. */
function plainCopy(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>("*");
  copy.querySelectorAll<SVGElement>("*").forEach((element, index) => {
    const style = getComputedStyle(originals[index]!);
    for (const name of DRAWN) element.style.setProperty(name, style.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return copy;
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(plainCopy(svg)))}`;
  await image.decode();
  return image;
}

/** The lines that a text takes at this width. */
function wrap(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** A table of coloured cells, drawn where the page has it. */
function drawTable(pen: CanvasRenderingContext2D, table: HTMLTableElement, top: number): void {
  const origin = table.getBoundingClientRect();
  for (const part of table.querySelectorAll<HTMLTableCellElement>("th, td")) {
    const box = part.getBoundingClientRect();
    const style = getComputedStyle(part);
    const [x, y] = [PAD + box.left - origin.left, top + box.top - origin.top];
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(x, y, box.width, box.height);
    pen.fillStyle = style.color;
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const isCentred = style.textAlign === "center";
    pen.textAlign = isCentred ? "center" : "left";
    const lines = wrap(pen, part.innerText, box.width);
    lines.forEach((line, index) => pen.fillText(line, isCentred ? x + box.width / 2 : x, y + box.height / 2 + 4 + (index - (lines.length - 1) / 2) * 14));
  }
  pen.textAlign = "left";
}

/** Save a figure as a picture: title, subtitle and drawing on the page's own ground. */
export async function savePng(figure: HTMLElement, chart: ChartSpec, notes: string): Promise<void> {
  const svg = figure.querySelector<SVGSVGElement>("svg.recharts-surface");
  const table = figure.querySelector("table");
  const drawn = svg ?? table;
  if (!drawn) return;
  const { width, height } = drawn.getBoundingClientRect();
  const style = getComputedStyle(figure);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const styles = [
    { text: chart.title, font: `600 16px ${style.fontFamily}`, step: 22, colour: "--ink" },
    { text: chart.subtitle, font: `400 13px ${style.fontFamily}`, step: 19, colour: "--ink-soft" },
  ];
  const head = styles.map(({ text, font, ...rest }) => {
    pen.font = font;
    return { ...rest, font, lines: wrap(pen, text, width) };
  });
  const headHeight = head.reduce((sum, { lines, step }) => sum + lines.length * step, 0) + 12;
  pen.font = `400 11px ${style.fontFamily}`;
  const footLines = wrap(pen, notes, width);
  canvas.width = Math.ceil((width + 2 * PAD) * SCALE);
  canvas.height = Math.ceil((height + headHeight + 2 * PAD + footLines.length * 16 + 4) * SCALE);
  pen.scale(SCALE, SCALE);
  const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  pen.fillStyle = colour("--surface");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  let y = PAD;
  for (const { lines, step, font, colour: name } of head) {
    pen.font = font;
    pen.fillStyle = colour(name);
    for (const line of lines) pen.fillText(line, PAD, (y += step) - step / 4);
  }
  const top = PAD + headHeight;
  if (svg) pen.drawImage(await imageOf(svg), PAD, top, width, height);
  else if (table) drawTable(pen, table, top);
  pen.font = `400 11px ${style.fontFamily}`;
  pen.fillStyle = colour("--ink-soft");
  footLines.forEach((line, index) => pen.fillText(line, PAD, top + height + 18 + index * 16));
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) saveBlob(blob, fileNameOf(chart, "png"));
}
