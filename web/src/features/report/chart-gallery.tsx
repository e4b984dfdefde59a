"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { ChartSpec } from "@/lib/api/types";
import { formatCounted } from "@/lib/format";
import type { Contents } from "./contents";
import { PickableChart } from "./pickable-chart";
import type { Looking } from "./use-part";

const SHOWN_FIRST = 6;

/** All charts but the one beside the headline, best first. Each is drawn when the reader comes near. */
export function ChartGallery({ charts, contents, looking }: { charts: ChartSpec[]; contents: Contents; looking: Looking }) {
  const [isAll, setAll] = useState(false);
  const next = contents.report.insights.visualActions.filter((action) => contents.charts.has(action.chartId));
  const named = new Set(next.map((action) => action.chartId));
  const shown = isAll ? charts : charts.filter((chart, index) => index < SHOWN_FIRST || named.has(chart.id));
  const left = charts.length - shown.length;
  return (
    <>
      {next.length > 0 && (
        <div className="mb-6 text-sm">
          <h3 className="eyebrow">Worth opening next</h3>
          <ul className="mt-1">
            {next.map((action, index) => (
              <li key={index} className="break-words">
                {charts.some((chart) => chart.id === action.chartId) ? (
                  <a href={`#chart-${action.chartId}`} className="inline-flex min-h-11 items-center text-accent underline underline-offset-2 sm:min-h-8">{action.text}</a>
                ) : (
                  action.text
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="grid gap-6 xl:grid-cols-2">
        {shown.map((chart) => (
          <div key={chart.id} id={`chart-${chart.id}`} className="min-w-0 rounded-lg border bg-surface p-4 sm:p-5">
            <PickableChart chart={chart} contents={contents} looking={looking} />
          </div>
        ))}
      </div>
      {left > 0 && <Button className="no-print mt-4" onClick={() => setAll(true)}>Show {formatCounted(left, "more chart")}</Button>}
    </>
  );
}
