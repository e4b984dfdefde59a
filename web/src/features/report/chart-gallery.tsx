import { ChartFigure } from "@/components/charts/chart-figure";
import { grainOf } from "@/components/charts/series";
import type { ChartSpec } from "@/lib/api/types";
import type { Contents } from "./contents";

/** All charts but the one beside the headline. Each is drawn when the reader comes near. */
export function ChartGallery({ charts, contents }: { charts: ChartSpec[]; contents: Contents }) {
  const next = contents.report.insights.visualActions.filter((action) => contents.charts.has(action.chartId));
  return (
    <>
      {next.length > 0 && (
        <div className="mb-6 text-sm">
          <h3 className="eyebrow">Worth opening next</h3>
          <ul className="mt-1 space-y-1">
            {next.map((action, index) => (
              <li key={index} className="break-words">
                {charts.some((chart) => chart.id === action.chartId) ? <a href={`#chart-${action.chartId}`} className="inline-block py-1 text-accent underline underline-offset-2">{action.text}</a> : action.text}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="grid gap-6 xl:grid-cols-2">
        {charts.map((chart) => (
          <div key={chart.id} id={`chart-${chart.id}`} className="min-w-0 rounded-lg border bg-surface p-4 sm:p-5">
            <ChartFigure chart={chart} grain={grainOf(chart, contents.facts)} />
          </div>
        ))}
      </div>
    </>
  );
}
