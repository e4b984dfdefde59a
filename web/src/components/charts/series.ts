/** A chart's records as plain points. Column names may hold dots and brackets, which a drawing library would read as paths. */
import type { ChartSpec, Fact, Scalar } from "@/lib/api/types";
import { formatNumber, formatPeriod, formatPrecisely, formatScalar, type Grain } from "@/lib/format";
import { shortNames, tellingApart } from "./ticks";

export type Point = { x: Scalar; y: number | null; label: string; isOther: boolean; isMissing: boolean };

/** By what time the chart's x axis runs, or null; it is a property of the measure behind the chart. */
export function grainOf(chart: ChartSpec, facts: ReadonlyMap<string, Fact>): Grain | null {
  for (const id of chart.factIds) {
    const grain = facts.get(id)?.measure.grain;
    if (grain) return grain as Grain;
  }
  return chart.type === "line" ? grainOfNames(chart.data.map((record) => String(record[chart.xKey]))) : null;
}

/** The grain of a line over columns that are named by years or months, whose facts have none. */
function grainOfNames(names: readonly string[]): Grain | null {
  if (names.every((name) => /^\d{4}$/.test(name))) return "year";
  return names.every((name) => /^\d{4}-\d{2}$/.test(name)) ? "month" : null;
}

const asNumber = (value: Scalar | undefined) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** The bar of all further values, whose name says how many they are: "Other (14 values, 12%)". */
const FOLDED = /^Other \([\d,.]+ values?/;

/** The bar of the rows without a value, which is no group that could lead. */
const MISSING = "no value";

/** The points in the order they came, with the words of their x. */
export function pointsOf(chart: ChartSpec, grain: Grain | null): Point[] {
  const edges = chart.type === "histogram" ? chart.data.flatMap((record) => [record[chart.xKey], record.to]).filter((edge) => typeof edge === "number") : [];
  // Edges of 1.0295 and 1.03 would otherwise be written alike.
  const written = tellingApart([...new Set(edges)], [(edge) => formatNumber(edge, null, "short"), (edge) => formatPrecisely(edge, null)]);
  return chart.data.map((record) => {
    const x = record[chart.xKey] ?? null;
    const label = chart.type === "histogram" ? binWords(x, record.to, written) : labelOf(x, grain);
    return { x, y: asNumber(record[chart.yKey]), label, isOther: chart.type === "bar" && FOLDED.test(String(x)), isMissing: chart.type === "bar" && x === MISSING };
  });
}

function labelOf(x: Scalar, grain: Grain | null): string {
  return grain || typeof x === "string" || x === null ? formatPeriod(x, grain) : formatScalar(x);
}

/** A histogram's bin by its two edges; the upper one stands in the record beside the lower. */
function binWords(from: Scalar, to: Scalar | undefined, written: (edge: number) => string): string {
  if (typeof from !== "number") return formatScalar(from);
  const low = written(from);
  if (typeof to !== "number") return low;
  // Beside a minus a dash would be read as another one.
  return `${low}${from < 0 || to < 0 ? " to " : "–"}${written(to)}`;
}

const LETTERS_ACROSS = 48; // of the names of an ordered category, with their gaps, that a phone's axis has room for

/** Columns side by side where the order of x means something and its names have room; else lying bars, whose names always have. */
export function isLying(chart: ChartSpec, grain: Grain | null): boolean {
  if (chart.type !== "bar" || grain !== null) return false;
  const names = chart.data.map((record) => String(record[chart.xKey]));
  const longest = Math.max(...(shortNames(names) ?? names).map((name) => name.length));
  const isShort = (longest + 1) * chart.data.length <= LETTERS_ACROSS;
  return !(chart.order && isShort) && chart.data.some((record) => typeof record[chart.xKey] !== "number");
}

/** The chart's records as rows of text: what the drawing shows, for reading. */
export function tableOf(chart: ChartSpec, grain: Grain | null): { head: string[]; rows: string[][] } {
  const keys = chart.type === "heatmap" && chart.valueKey ? [chart.xKey, chart.yKey, chart.valueKey] : [chart.xKey, chart.yKey];
  const head = keys.map((key, index) => (index === 0 ? chart.xLabel : index === 1 ? chart.yLabel : "") || key);
  const points = chart.type === "heatmap" || chart.type === "scatter" ? null : pointsOf(chart, grain);
  const rows = chart.data.map((record, index) =>
    keys.map((key, column) => {
      if (points && column === 0) return points[index]!.label;
      const isMeasured = column === keys.length - 1;
      return formatScalar(record[key], isMeasured ? chart.unit : column === 0 ? chart.xUnit : null);
    }),
  );
  return { head, rows };
}

/** The fact a chart draws: the first it cites that has an entry for each key. */
export function drawnFact(chart: ChartSpec, facts: ReadonlyMap<string, Fact>): Fact | undefined {
  const first = facts.get(chart.factIds[0] ?? "");
  return Array.isArray(first?.value) ? first : undefined;
}

/** The key of a bar or period in full; undefined for the bar of all further values and where none is known. */
export function keyAt(chart: ChartSpec, fact: Fact, index: number): Scalar | undefined {
  if (!Array.isArray(fact.value)) return undefined;
  // Bars stand in the order of their fact, or say which entry each of them is; periods and bins may be gaps that no entry has, and carry their own key.
  if (chart.type !== "bar" || fact.measure.grain) return chart.data[index]?.[chart.xKey];
  const entry = fact.value[chart.order?.[index] ?? index];
  return entry === undefined || entry.other ? undefined : entry.key;
}

const NAMED = /\{(f_[0-9a-f]{8})\[(\d+)\]\.key/g;

/** The place in `chart.data` of the point that the title names, the last one where it names two ends; else null. */
export function namedIndex(chart: ChartSpec, fact: Fact | undefined): number | null {
  const match = [...chart.titleTemplate.matchAll(NAMED)].at(-1);
  if (!match || !fact || fact.id !== match[1] || !Array.isArray(fact.value)) return null;
  const place = Number(match[2]);
  if (chart.type === "bar" && !fact.measure.grain) {
    const index = chart.order ? chart.order.indexOf(place) : place;
    return index >= 0 && index < chart.data.length ? index : null;
  }
  const key = fact.value[place]?.key ?? null;
  // A weekday's record has its name, its fact the number.
  const index = chart.data.findIndex((record) => record[chart.xKey] === key || labelOf(record[chart.xKey] ?? null, fact.measure.grain as Grain | null) === labelOf(key, fact.measure.grain as Grain | null));
  return index < 0 ? null : index;
}

const SHORT_GAP = 2; // periods; more of them are a gap of their own, which no line may cross

/** For a line over days on which nothing happens: values between those on either side of a short gap, and at its ends. */
export function bridgesOf(values: readonly (number | null)[]): (number | null)[] {
  const bridges: (number | null)[] = values.map(() => null);
  for (let from = 0; from < values.length; from += 1) {
    if (values[from] == null || values[from + 1] !== null) continue;
    const to = values.findIndex((value, index) => index > from && value !== null);
    if (to < 0 || to - from - 1 > SHORT_GAP) continue;
    for (let at = from; at <= to; at += 1) bridges[at] = values[from]! + ((values[to]! - values[from]!) * (at - from)) / (to - from);
  }
  return bridges;
}

const DWARFING = 1.5; // times the longest named bar

/** Whether the bar of all further values would press the others into a corner; its figure is then written without a bar. */
export function isDwarfing(points: readonly Point[]): boolean {
  const rest = points.find((point) => point.isOther)?.y ?? 0;
  const named = points.filter((point) => !point.isOther).map((point) => point.y ?? 0);
  return named.length > 0 && rest > DWARFING * Math.max(...named);
}
