import { grainOf, pointsOf } from "@/components/charts/series";
import { Sparkline } from "@/components/charts/sparkline";
import type { ChartSpec } from "@/lib/api/types";
import type { Contents } from "./contents";

const MOST_BARS = 24;

/** A finding's chart in the size of a stamp; the drawer has it in full, so this one is hidden from screen readers. */
export function Thumbnail({ chart, contents }: { chart: ChartSpec; contents: Contents }) {
  const values = pointsOf(chart, grainOf(chart, contents.facts)).map((point) => point.y);
  if (chart.type === "line" || chart.type === "area") return <Sparkline values={values} className="h-12 w-full" />;
  if (chart.type === "scatter" || chart.type === "heatmap") return null;
  const bars = values.slice(0, MOST_BARS).map((value) => Math.max(0, value ?? 0));
  const top = Math.max(...bars, Number.MIN_VALUE);
  const step = 120 / Math.max(bars.length, 1);
  return (
    <svg aria-hidden viewBox="0 0 120 48" preserveAspectRatio="none" className="h-12 w-full">
      {bars.map((value, index) => (
        <rect key={index} x={index * step + step * 0.1} width={step * 0.8} y={48 - (value / top) * 46} height={(value / top) * 46} fill="var(--chart-1)" fillOpacity={value === top ? 1 : 0.45} />
      ))}
    </svg>
  );
}
