"use client";
import { ArrowDown } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import type { ChartSpec } from "@/lib/api/types";
import { formatCounted } from "@/lib/format";
import { useGoingOn } from "@/lib/use-going-on";
import { usePaper } from "@/lib/use-media";
import type { Contents } from "./contents";
import { PickableChart } from "./pickable-chart";
import type { Looking } from "./use-part";

const SHOWN_FIRST = 6;

/** All charts but the one beside the headline, best first. Each is drawn when the reader comes near. */
export function ChartGallery({ charts, contents, looking }: { charts: ChartSpec[]; contents: Contents; looking: Looking }) {
  const [isWished, setAll] = useState(false);
  const isAll = usePaper() || isWished; // paper has no button for the rest
  const next = contents.report.insights.visualActions.filter((action) => charts.some((chart) => chart.id === action.chartId));
  const named = new Set(next.map((action) => action.chartId));
  const shown = isAll ? charts : charts.filter((chart, index) => index < SHOWN_FIRST || named.has(chart.id));
  const grid = useRef<HTMLDivElement>(null);
  const goOn = useGoingOn(shown.length, (index) => grid.current?.children[index] as HTMLElement | undefined);
  const left = charts.length - shown.length;
  return (
    <>
      {next.length > 0 && (
        <nav aria-labelledby="next-title" className="no-print mb-6 text-sm">
          <h3 id="next-title" className="eyebrow mb-1.5">Worth opening next</h3>
          <ul className="flex flex-wrap gap-2">
            {next.map((action) => (
              <li key={action.chartId} className="min-w-0">
                <a href={`#chart-${action.chartId}`} className="inline-flex min-h-11 items-center gap-2 rounded-lg border bg-surface px-3 py-1.5 leading-snug hover:border-edge hover:bg-sunken sm:min-h-9">
                  <ArrowDown aria-hidden className="size-4 shrink-0 text-accent" /><span className="min-w-0 break-words">{action.text}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div ref={grid} className="grid gap-6 xl:grid-cols-2 print:block print:space-y-4">
        {shown.map((chart) => (
          <div key={chart.id} tabIndex={-1} id={`chart-${chart.id}`} className="card min-w-0 p-4 sm:p-5 xl:last:odd:col-span-2">
            <PickableChart chart={chart} contents={contents} looking={looking} />
          </div>
        ))}
      </div>
      {left > 0 && <Button className="no-print mt-4" onClick={() => { goOn(charts.findIndex((chart) => !shown.includes(chart))); setAll(true); }}>Show {formatCounted(left, "more chart")}</Button>}
    </>
  );
}
