"use client";
import { Area, AreaChart, Bar, BarChart, CartesianGrid, LabelList, Line, LineChart, ReferenceLine, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";
import type { ChartSpec } from "@/lib/api/types";
import { formatNumber, type Grain } from "@/lib/format";
import { useWidth } from "@/lib/use-media";
import { isLying, pointsOf, type Point } from "./series";
import { heightOf, SIZES } from "./sizes";

type Props = { chart: ChartSpec; grain: Grain | null };
type Drawn = Point & { whole: number | null; partial: number | null; fill: string; fillOpacity: number };

const AXIS = "var(--ink-soft)";

/** Draw a chart with Recharts: every kind but the heat map, which is a table of its own. Loaded when first needed. */
export default function Plot({ chart, grain }: Props) {
  const size = SIZES[useWidth()];
  const lying = isLying(chart, grain);
  const points = draw(pointsOf(chart, grain), chart);
  const height = heightOf(size, lying ? points.length : null);
  const tick = { fontSize: size.font, fill: AXIS };
  const short = (value: number) => formatNumber(value, chart.unit, "short");
  const values = points.map((point) => point.y).filter((y) => y !== null);
  const hasNegative = values.some((y) => y < 0);

  const common = { data: points, margin: size.margin, accessibilityLayer: true, title: chart.title, desc: chart.alt };
  const grid = <CartesianGrid vertical={false} stroke="var(--grid)" />;
  const xAxis = <XAxis dataKey="label" tick={tick} minTickGap={size.tickGap} tickLine={false} stroke="var(--line)" interval="preserveStartEnd" tickFormatter={shorten} />;
  const yAxis = (domain: [number | "auto" | ((low: number) => number), "auto"]) => (
    <YAxis domain={domain} width={size.yWidth} tickCount={size.yTicks} tick={tick} tickLine={false} axisLine={false} tickFormatter={short} />
  );
  const tooltip = (
    <Tooltip
      isAnimationActive={false}
      cursor={{ stroke: "var(--line-strong)", fill: "var(--sunken)", fillOpacity: 0.6 }}
      contentStyle={{ background: "var(--surface)", border: "1px solid var(--line)", borderRadius: 6, fontSize: 13, padding: "6px 10px" }}
      labelStyle={{ color: "var(--ink-soft)" }}
      itemStyle={{ color: "var(--ink)" }}
      formatter={(value, name) => [typeof value === "number" ? formatNumber(value, chart.unit) : String(value ?? "—"), name === "partial" ? `${chart.yLabel || chart.yKey} (period not complete)` : chart.yLabel || chart.yKey]}
    />
  );

  return (
    <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 320, height }}>
      {chart.type === "line" ? (
        <LineChart {...common}>
          {grid}{xAxis}{yAxis([zoomedLow(values), "auto"])}{tooltip}
          <Line type="linear" dataKey="whole" stroke="var(--chart-1)" strokeWidth={2} dot={values.length === 1} activeDot={{ r: 4 }} isAnimationActive={false} />
          {chart.partialLast && <Line type="linear" dataKey="partial" stroke="var(--chart-1)" strokeWidth={2} strokeDasharray="3 4" dot={false} isAnimationActive={false} />}
        </LineChart>
      ) : chart.type === "area" ? (
        <AreaChart {...common}>
          {grid}{xAxis}{yAxis([hasNegative ? "auto" : 0, "auto"])}{tooltip}
          <Area type="linear" dataKey="whole" stroke="var(--chart-1)" strokeWidth={2} fill="var(--chart-fill)" fillOpacity={1} isAnimationActive={false} />
          {chart.partialLast && <Area type="linear" dataKey="partial" stroke="var(--chart-1)" strokeDasharray="3 4" fill="none" isAnimationActive={false} />}
        </AreaChart>
      ) : chart.type === "scatter" ? (
        <ScatterChart {...common}>
          <CartesianGrid stroke="var(--grid)" />
          <XAxis type="number" dataKey="x" name={chart.xLabel} domain={["auto", "auto"]} tick={tick} tickLine={false} stroke="var(--line)" tickFormatter={(value: number) => formatNumber(value, null, "short")} />
          <YAxis type="number" dataKey="y" name={chart.yLabel} domain={["auto", "auto"]} width={size.yWidth} tickCount={size.yTicks} tick={tick} tickLine={false} axisLine={false} tickFormatter={short} />
          <Tooltip isAnimationActive={false} cursor={false} contentStyle={{ background: "var(--surface)", border: "1px solid var(--line)", borderRadius: 6, fontSize: 13, padding: "6px 10px" }} itemStyle={{ color: "var(--ink)" }} formatter={(value) => (typeof value === "number" ? formatNumber(value, null) : String(value ?? "—"))} />
          <Scatter data={points} fill="var(--chart-1)" fillOpacity={0.45} isAnimationActive={false} />
        </ScatterChart>
      ) : lying ? (
        <BarChart {...common} layout="vertical" margin={{ ...size.margin, right: 64 }} barCategoryGap={6}>
          <XAxis type="number" domain={[hasNegative ? "auto" : 0, "auto"]} hide />
          <YAxis type="category" dataKey="label" width={size.nameWidth} tick={tick} tickLine={false} axisLine={false} interval={0} tickFormatter={shorten} />
          {tooltip}
          <Bar dataKey="y" isAnimationActive={false} radius={[0, 2, 2, 0]}>
            <LabelList dataKey="y" position="right" formatter={(value) => (typeof value === "number" ? short(value) : "")} fill="var(--ink)" fontSize={size.font} className="figures" />
          </Bar>
        </BarChart>
      ) : (
        <BarChart {...common} barCategoryGap={chart.type === "histogram" ? 1 : "18%"}>
          {grid}{xAxis}{yAxis([hasNegative ? "auto" : 0, "auto"])}{tooltip}
          {hasNegative && <ReferenceLine y={0} stroke="var(--line-strong)" />}
          <Bar dataKey="y" isAnimationActive={false} radius={chart.type === "histogram" ? 0 : [2, 2, 0, 0]} />
        </BarChart>
      )}
    </ResponsiveContainer>
  );
}

const NAME_LETTERS = 18;

/** Names longer than the axis has room for; the tooltip and the table hold them in full. */
const shorten = (name: string) => (name.length > NAME_LETTERS ? `${name.slice(0, NAME_LETTERS - 1)}…` : name);

/** A line's axis may leave zero out where the values lie far from it, never below zero without need. */
function zoomedLow(values: number[]): number | "auto" {
  if (values.length === 0) return "auto";
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low >= 0 && low < (high - low) * 2 ? 0 : "auto";
}

/** Give every point its colour, and split a series whose last period is not complete. */
function draw(points: Point[], chart: ChartSpec): Drawn[] {
  const last = points.length - 1;
  return points.map((point, index) => {
    const isPartial = chart.partialLast && index === last;
    return {
      ...point,
      whole: isPartial ? null : point.y,
      partial: chart.partialLast && index >= last - 1 ? point.y : null,
      fill: point.isOther ? "var(--line-strong)" : "var(--chart-1)",
      fillOpacity: isPartial ? 0.4 : 1,
    };
  });
}
