"use client";
import { useRef, useState } from "react";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, LabelList, ReferenceLine, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";
import type { ChartSpec } from "@/lib/api/types";
import { formatNumber, formatPrecisely, type Grain } from "@/lib/format";
import { usePaper, useWidth } from "@/lib/use-media";
import { AxisName, Marks } from "./marks";
import { widthOf } from "./ruler";
import { bridgesOf, isDwarfing, isLying, pointsOf, type Point } from "./series";
import { heightOf, PAPER, SIZES, THICKEST_BAR, WIDEST_BAR } from "./sizes";
import { degreesAxis, haveRoom, namesOnTwoLines, roundTicks, tellingApart, trueToScale, twoLines } from "./ticks";

type Props = { chart: ChartSpec; grain: Grain | null; named?: number | null; onPick?: (index: number) => void };
type Drawn = Point & { whole: number | null; partial: number | null; bridge: number | null; bar: number | null; fill: string };

const AXIS = "var(--ink-soft)";

/** Draw a chart with Recharts: every kind but the heat map, which is a table of its own. Loaded when first needed. */
export default function Plot({ chart, grain, named = null, onPick }: Props) {
  const isPaper = usePaper();
  const window = useWidth();
  const size = isPaper ? PAPER.size : SIZES[window];
  const [width, setWidth] = useState(320);
  const touched = useRef<number | null>(null);
  const lying = isLying(chart, grain);
  const points = draw(pointsOf(chart, grain), chart, named);
  const height = heightOf(size, lying ? points.length : null);
  const tick = { fontSize: size.font, fill: AXIS };
  const short = (value: number) => formatNumber(value, chart.unit, "short");
  const values = points.map((point) => point.y).filter((y) => y !== null);
  const widest = chart.type === "bar" && !lying ? Math.max(...values.map((value) => widthOf(short(value), size.font))) : 0; // all bars bear their figures, or none
  const hasNegative = values.some((y) => y < 0);

  // The vertical axis says above itself what it counts; lying bars say it in the subtitle and at each bar.
  const margin = lying ? size.margin : { ...size.margin, top: size.margin.top + 18 };
  const common = { data: points, margin, accessibilityLayer: true, title: chart.title, desc: chart.alt };
  const pick = onPick && {
    style: { cursor: "pointer" },
    onClick: ({ activeIndex }: { activeIndex?: number | string | null }, event: React.SyntheticEvent) => {
      const index = activeIndex == null ? placeOf(event.nativeEvent as MouseEvent, points.length, lying) : Number(activeIndex);
      if (index === null || !points[index]) return;
      // A finger has no way to point: its first touch reads a figure, the next on the same place picks it.
      const isReading = (event.nativeEvent as PointerEvent).pointerType === "touch" && touched.current !== index;
      touched.current = isReading ? index : null;
      if (!isReading) onPick(index);
    },
  };
  const isFromZero = !hasNegative && (chart.type !== "line" || isNearZero(values) || chart.unit === "rows");
  const marksOf = (numbers: number[], isZeroIn = false, wanted = size.yTicks) =>
    roundTicks(Math.min(...numbers, ...(isZeroIn ? [0] : [])), Math.max(...numbers, ...(isZeroIn ? [0] : [])), { wanted, isWhole: numbers.every(Number.isInteger) });
  // A line may leave zero out, and says so.
  const startOfAxis = chart.type === "line" && !isFromZero && values.length > 0 && marksOf(values)[0]! > 0 ? marksOf(values)[0]! : null;
  const across = chart.type === "histogram" || chart.type === "scatter" ? shorten(chart.xLabel, size.axisLetters) : null;
  const from = startOfAxis === null ? "" : `, axis from ${short(startOfAxis)}`;
  const axisNames = !lying && <AxisName name={chart.yLabel} rest={from} font={size.font} fill={AXIS} />;
  const roomOf = (width: number) => (text: string) => widthOf(text, size.font) <= width - NAME_GAP;
  const own = lying ? points.filter((point) => !point.isOther).map((point) => point.label) : []; // what is folded has words of its own
  const nameWidth = haveRoom(own, roomOf(size.nameWidth)) ? size.nameWidth : size.longNameWidth;
  const hasRoom = roomOf(nameWidth);
  const written = new Map(namesOnTwoLines(own, hasRoom).map((lines, at) => [own[at]!, lines]));
  const nameTick = ({ x, y, payload }: { x: number | string; y: number | string; payload: { value: string } }) => {
    const lines = written.get(payload.value) ?? twoLines(payload.value, hasRoom);
    return (
      <text x={x} y={y} textAnchor="end" fill={AXIS} fontSize={size.font}>
        {lines.map((line, index) => <tspan key={index} x={x} dy={`${index > 0 ? 1.1 : lines.length > 1 ? -0.2 : 0.355}em`}>{line}</tspan>)}
      </text>
    );
  };
  // Drawn among the line's own points, so that it can never stand beside them.
  const isLone = (index: number) => points[index - 1]?.y == null && points[index + 1]?.y == null; // no line would show it
  const mark = ({ cx, cy, index = -1 }: { cx?: number; cy?: number; index?: number }) => {
    if (cx == null || cy == null) return <g key={index} />;
    if (index === named || values.length === 1) return <circle key={index} cx={cx} cy={cy} r={5} fill="var(--chart-2)" stroke="var(--surface)" strokeWidth={2} />;
    return isLone(index) ? <circle key={index} cx={cx} cy={cy} r={2.5} fill="var(--chart-1)" /> : <g key={index} />;
  };
  const axisOf = (numbers: number[], isZeroIn = false, wanted = size.yTicks, unit = chart.unit, limit: number | null = null) => {
    if (numbers.length === 0) return {};
    const degrees = limit === null ? null : degreesAxis(...endsOf(numbers), { wanted, limit });
    const ticks = degrees?.ticks ?? marksOf(numbers, isZeroIn, wanted);
    return { ticks, domain: degrees?.domain ?? [ticks[0]!, ticks.at(-1)!], tickFormatter: tellingApart(ticks, [(value) => formatNumber(value, unit, "short"), (value) => formatPrecisely(value, unit === "share" || unit === "°" ? unit : null)]) };
  };
  const isMap = chart.type === "scatter" && chart.unit === "°" && chart.xUnit === "°";
  const places = numbersOf(points.map((point) => point.x));
  const map = isMap && places.length > 0 ? trueToScale(endsOf(places), endsOf(values), { width: Math.max(1, width - size.yWidth - margin.right), height: height - margin.top - NAMED_AXIS_PX }) : { east: places, north: values };
  const hasGaps = points.some((point) => point.y === null);
  const grid = <CartesianGrid vertical={false} stroke="var(--grid)" />;
  // Our own marks stand in the axis's place: its own thinning leaves the last two unevenly apart.
  const xAxis = <XAxis dataKey="label" tick={false} tickLine={false} stroke="var(--line)" height={grain === "year" || grain === "weekday" ? MARKS_PX : TWO_LINES_PX} {...nameBelow(across)} />;
  const marks = <Marks chart={chart} grain={grain} points={points} font={size.font} fill={AXIS} />;
  const yAxis = <YAxis {...axisOf(values, chart.type !== "line" || isFromZero)} width={size.yWidth} tick={tick} tickLine={false} axisLine={false} />;
  const saidLabel = chart.yLabel || chart.yKey;
  const tooltip = (
    <Tooltip
      isAnimationActive={false}
      cursor={{ stroke: "var(--line-strong)", fill: "var(--sunken)", fillOpacity: 0.6 }}
      contentStyle={{ background: "var(--surface)", border: "1px solid var(--line)", borderRadius: 6, fontSize: 13, padding: "6px 10px" }}
      labelStyle={{ color: "var(--ink-soft)" }}
      itemStyle={{ color: "var(--ink)" }}
      separator=": "
      formatter={(value, name, { payload }) => [typeof value === "number" ? formatNumber((payload as Drawn | undefined)?.y ?? value, chart.unit === "rows" && saidLabel === "Rows" ? null : chart.unit) : String(value ?? "—"), name === "partial" ? `${saidLabel} (period not complete)` : saidLabel]}
    />
  );

  return (
    <ResponsiveContainer width={isPaper ? PAPER.width : "100%"} height={height} onResize={setWidth} initialDimension={{ width: 320, height }}>
      {chart.type === "line" || chart.type === "area" ? (
        <AreaChart {...common} {...pick}>
          {axisNames}{grid}{xAxis}{yAxis}{marks}{tooltip}
          <Area type="linear" dataKey="bridge" stroke="var(--chart-1)" strokeWidth={1} strokeOpacity={0.45} fill="none" dot={false} activeDot={false} tooltipType="none" isAnimationActive={false} />
          <Area type="linear" dataKey="whole" stroke="var(--chart-1)" strokeWidth={2} strokeLinejoin="round" fill={isFromZero && !hasGaps ? "var(--chart-fill)" : "none"} fillOpacity={chart.type === "area" ? 1 : 0.5} dot={mark} activeDot={{ r: 4 }} isAnimationActive={false} />
          {chart.partialLast && <Area type="linear" dataKey="partial" stroke="var(--chart-1)" strokeWidth={2} strokeDasharray="3 4" fill="none" dot={false} isAnimationActive={false} />}
        </AreaChart>
      ) : chart.type === "scatter" ? (
        <ScatterChart {...common}>
          {axisNames}
          <CartesianGrid stroke="var(--grid)" />
          <XAxis type="number" dataKey="x" {...nameBelow(across)} name={chart.xLabel} {...axisOf(map.east, false, size.xTicks, chart.xUnit ?? null, isMap ? DATE_LINE : null)} tick={tick} tickLine={false} stroke="var(--line)" />
          <YAxis type="number" dataKey="y" name={chart.yLabel} {...axisOf(map.north, false, size.yTicks, chart.unit, isMap ? POLE : null)} width={size.yWidth} tick={tick} tickLine={false} axisLine={false} />
          <Tooltip isAnimationActive={false} cursor={false} separator=": " contentStyle={{ background: "var(--surface)", border: "1px solid var(--line)", borderRadius: 6, fontSize: 13, padding: "6px 10px" }} itemStyle={{ color: "var(--ink)" }} formatter={(value, _, { dataKey }) => (typeof value === "number" ? formatNumber(value, dataKey === "x" ? chart.xUnit : chart.unit) : String(value ?? "—"))} />
          <Scatter data={points} shape={dot} isAnimationActive={false} />
        </ScatterChart>
      ) : lying ? (
        <BarChart {...common} {...pick} layout="vertical" margin={{ ...size.margin, right: 64 }} barCategoryGap={6}>
          <XAxis type="number" domain={lengthsOf(points)} hide />
          <YAxis type="category" dataKey="label" width={nameWidth} tick={nameTick} tickLine={false} axisLine={false} interval={0} />
          {tooltip}
          {hasNegative && <ReferenceLine x={0} stroke="var(--line-strong)" />}
          <Bar dataKey="bar" isAnimationActive={false} radius={hasNegative ? 0 : [0, 2, 2, 0]} maxBarSize={THICKEST_BAR} minPointSize={NOTHING_PX}>
            <LabelList dataKey="y" content={({ x, y, width, height, value }) => (typeof value === "number" ? <text x={Number(x) + Math.max(0, Number(width)) + 6} y={Number(y) + Number(height) / 2} dominantBaseline="central" fill="var(--ink)" fontSize={size.font}>{short(value)}</text> : null)} />
          </Bar>
        </BarChart>
      ) : (
        <BarChart {...common} {...pick} barCategoryGap={chart.type === "histogram" ? 1 : "18%"}>
          {axisNames}{grid}{xAxis}{yAxis}{marks}{tooltip}
          {hasNegative && <ReferenceLine y={0} stroke="var(--line-strong)" />}
          <Bar dataKey="y" isAnimationActive={false} radius={chart.type === "histogram" || hasNegative ? 0 : [2, 2, 0, 0]} maxBarSize={chart.type === "histogram" ? undefined : WIDEST_BAR}>
            {chart.type === "bar" && <LabelList dataKey="y" content={({ x, y, width, height, value }) => (typeof value === "number" && widest <= Number(width) + LABEL_OVERHANG ? <text x={Number(x) + Number(width) / 2} y={Math.min(Number(y), Number(y) + Number(height)) - 5} textAnchor="middle" fill="var(--ink)" stroke="var(--surface)" strokeWidth={3} paintOrder="stroke" fontSize={size.font}>{short(value)}</text> : null)} />}
          </Bar>
        </BarChart>
      )}
    </ResponsiveContainer>
  );
}

/** One row of a scatter: small and clear, so that many in one place look denser than few. */
const dot = ({ cx, cy }: { cx?: number; cy?: number }) => <circle cx={cx} cy={cy} r={3} fill="var(--chart-1)" fillOpacity={0.4} />;

/** The point under a click that came before the drawing knew where the pointer was, as a tap does. */
function placeOf(event: MouseEvent, points: number, lying: boolean): number | null {
  const surface = (event.target as Element).closest(".recharts-wrapper")?.querySelector("svg.recharts-surface");
  const box = (surface?.querySelector(".recharts-cartesian-grid") ?? surface)?.getBoundingClientRect();
  if (!box) return null;
  const share = lying ? (event.clientY - box.top) / box.height : (event.clientX - box.left) / box.width;
  const isBetween = surface?.querySelector(".recharts-bar") !== null; // bars own a band, points of a line a place
  const index = isBetween ? Math.floor(share * points) : Math.round(share * (points - 1));
  return index >= 0 && index < points ? index : null;
}

const [MARKS_PX, TWO_LINES_PX, NAMED_AXIS_PX] = [26, 40, 48]; // the words below a horizontal axis
const NOTHING_PX = 0.01; // a bar of nothing is still there, so that its figure stands beside its name
const LABEL_OVERHANG = 8; // px by which a figure may be wider than the bar below it
const [POLE, DATE_LINE] = [90, 180]; // degrees
const NAME_GAP = 10; // px between a name and its bar
const [OWN, OTHER] = ["var(--chart-1)", "var(--line-strong)"];

/** From where to where lying bars run: no axis stands below them, so the longest takes all the room there is. */
function lengthsOf(points: readonly Drawn[]): [number, number] {
  const lengths = points.map((point) => point.bar ?? 0);
  const [least, most] = [Math.min(0, ...lengths), Math.max(0, ...lengths)];
  return [least, least === most ? 1 : most];
}

/** The colour of bars beside the one that the title names, still 3:1 against the ground; solid, or the grid would show through. */
const paler = (colour: string) => `color-mix(in oklab, ${colour} 62%, var(--surface))`;

/** What runs along the horizontal axis, at its right end. */
const nameBelow = (name: string | null) =>
  name ? { height: NAMED_AXIS_PX, label: { value: name, position: "insideBottomRight" as const, fill: AXIS, fontSize: 12, offset: 4 } } : {};

/** Names longer than there is room for; the tooltip and the table hold them in full. */
const shorten = (name: string, letters: number) => (name.length > letters ? `${name.slice(0, letters - 1)}…` : name);

/** A line's axis may leave zero out where the values lie far from it. */
const isNearZero = (values: number[]) => values.length > 0 && Math.min(...values) < (Math.max(...values) - Math.min(...values)) * 2;

const endsOf = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

const numbersOf = (values: unknown[]) => values.filter((value): value is number => typeof value === "number");

/** Give every point its colour, and split a series whose last period is not complete. */
function draw(points: Point[], chart: ChartSpec, named: number | null): Drawn[] {
  const last = points.length - 1;
  const bridges = chart.type === "line" ? bridgesOf(points.map((point) => point.y)) : [];
  const isDwarfed = isDwarfing(points);
  return points.map((point, index) => {
    const isPartial = chart.partialLast && index === last;
    const colour = point.isOther || point.isMissing ? OTHER : OWN;
    return {
      ...point,
      bridge: bridges[index] ?? null,
      bar: isDwarfed && point.isOther ? 0 : point.y,
      whole: isPartial ? null : point.y,
      partial: chart.partialLast && index >= last - 1 ? point.y : null,
      fill: isPartial || (named !== null && index !== named) ? paler(colour) : colour,
    };
  });
}
