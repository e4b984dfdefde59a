"use client";
import { useChartWidth, usePlotArea } from "recharts";
import type { ChartSpec } from "@/lib/api/types";
import { formatNumber, formatPrecisely, type Grain } from "@/lib/format";
import { edgeMarkings, fitting, markings, markWords } from "./periods";
import type { Point } from "./series";
import { cut, shortNames, tellingApart, twoLines } from "./ticks";
import { widthOf } from "./ruler";

const TICK_PX = 4;
const GAP = 12; // px between two words
const LINE = 1.2; // of the font's size
const CYCLES: ReadonlySet<Grain> = new Set(["weekday", "hour_of_day", "month_of_year"]);

/** What a vertical axis counts, above it: as much of the name as the drawing has room for, and what must be known of the axis. */
export function AxisName({ name, rest, font, fill }: { name: string; rest: string; font: number; fill: string }) {
  const whole = useChartWidth() ?? 0;
  const said = cut(name, (text) => widthOf(text + rest, font) <= whole - GAP);
  return <text aria-hidden className="axis-name" x={2} y={font} fill={fill} fontSize={font}>{said}{rest}</text>;
}

type Props = { chart: ChartSpec; grain: Grain | null; points: readonly Point[]; font: number; fill: string };
type Mark = { x: number; lines: (string | null)[]; isTicked: boolean };

/** What runs along a horizontal axis of periods, names or bins: as many marks as the drawing has room for, evenly apart. Stands in a chart of Recharts, which knows how wide that is. */
export function Marks({ chart, grain, points, font, fill }: Props) {
  const area = usePlotArea();
  const whole = useChartWidth();
  if (!area || !whole || points.length === 0) return null;
  const isBand = chart.type === "bar" || chart.type === "histogram";
  const bandAt = (place: number) => area.x + (area.width * (place + 0.5)) / points.length;
  const pointAt = (place: number) => (points.length > 1 ? area.x + (area.width * place) / (points.length - 1) : area.x + area.width / 2);
  const wide = (text: string) => widthOf(text, font);
  const ruled = { at: isBand ? bandAt : pointAt, wide, whole };
  const marks = chart.type === "histogram" ? edgesOf(chart, area, ruled) : chart.type === "bar" && !(grain && !CYCLES.has(grain)) ? namesOf(points, area.width / points.length, ruled, chart.order != null || grain === "weekday" || grain === "month_of_year") : periodsOf(points, grain, ruled);
  const ground = area.y + area.height;
  return (
    <g aria-hidden className="axis-marks" fill={fill} fontSize={font}>
      {marks.map(({ x, lines, isTicked }, index) => (
        <g key={index} className="axis-mark">
          {isTicked && <line x1={x} x2={x} y1={ground} y2={ground + TICK_PX} stroke="var(--line-strong)" />}
          {lines.map((line, row) => line && <text key={row} x={within(x, wide(line), whole)} y={ground + TICK_PX + 3 + font + row * font * LINE} textAnchor="middle">{line}</text>)}
        </g>
      ))}
    </g>
  );
}

type Ruled = { at: (place: number) => number; wide: (text: string) => number; whole: number };

/** Where a word's middle lies, so that none of it is cut off at the drawing's edge. */
const within = (x: number, width: number, whole: number) => Math.min(whole - width / 2 - 1, Math.max(width / 2 + 1, x));

/** Periods, the nearer words at each mark and the farther ones where they change; numbers and other keys of a line likewise. */
function periodsOf(points: readonly Point[], grain: Grain | null, { at, wide, whole }: Ruled): Mark[] {
  const keys = points.map((point) => (typeof point.x === "string" ? point.x : point.label));
  const wordsAt = (marks: readonly number[]) => (grain ? markWords(marks.map((place) => keys[place]!), grain) : marks.map((place) => ({ near: points[place]!.label, far: null })));
  const marks = fitting(markings(keys, grain), { at, widthOf: (places, index) => wide(wordsAt(places)[index]!.near), gap: GAP });
  let end = -Infinity; // of the last word below
  return wordsAt(marks).map(({ near, far }, index) => {
    const x = at(marks[index]!);
    const from = far === null ? 0 : within(x, wide(far), whole) - wide(far) / 2;
    const isFarSaid = far !== null && from >= end + GAP / 2;
    if (isFarSaid) end = from + wide(far);
    return { x, lines: [near, isFarSaid ? far : null], isTicked: true };
  });
}

/** The names below bars: in full where they fit, by their first letters where those tell a day or a month, else on two lines. Names whose order says what lies between may be marked here and there. */
function namesOf(points: readonly Point[], band: number, { at, wide }: Ruled, isEachNamed: boolean): Mark[] {
  const names = points.map((point) => point.label);
  const fits = (text: string) => wide(text) <= band - 4;
  const short = names.every(fits) ? names : shortNames(names);
  if (short?.every(fits)) return short.map((name, place) => ({ x: at(place), lines: [name], isTicked: false }));
  const marks = isEachNamed ? names.map((_, place) => place) : fitting(markings(names, null), { at, widthOf: (places, index) => wide(names[places[index]!]!), gap: GAP });
  return marks.map((place) => ({ x: at(place), lines: isEachNamed ? twoLines((short ?? names)[place]!, fits) : [names[place]!], isTicked: false }));
}

/** The edges of bins, where their numbers are; a bin of one number has it at its middle. */
function edgesOf(chart: ChartSpec, area: { x: number; width: number }, { at, wide }: Ruled): Mark[] {
  const lower = chart.data.map((record) => Number(record[chart.xKey]));
  const last = chart.data.at(-1)?.to;
  const isOpen = typeof last === "number";
  const edges = isOpen ? [...lower, last] : lower;
  const edgeAt = (place: number) => (isOpen ? area.x + (area.width * place) / chart.data.length : at(place));
  const width = edges.length > 1 ? edges[1]! - edges[0]! : 1;
  const sayOf = (marks: readonly number[]) => tellingApart(marks.map((place) => edges[place]!), [(edge) => formatNumber(edge, chart.xUnit, "short"), (edge) => formatPrecisely(edge, null)]);
  const marks = fitting(edgeMarkings(edges, width), { at: edgeAt, widthOf: (places, index) => wide(sayOf(places)(edges[places[index]!]!)), gap: GAP });
  const say = sayOf(marks);
  return marks.map((place) => ({ x: edgeAt(place), lines: [say(edges[place]!)], isTicked: isOpen }));
}
