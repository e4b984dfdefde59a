"use client";
import clsx from "clsx";
import { Table2, TrendingUp } from "lucide-react";
import dynamic from "next/dynamic";
import { useId, useState } from "react";
import { Boundary } from "@/components/ui/boundary";
import { Skeleton } from "@/components/ui/skeleton";
import type { ChartSpec } from "@/lib/api/types";
import { formatCount, formatCounted, type Grain } from "@/lib/format";
import { useWidth } from "@/lib/use-media";
import { useSeen } from "@/lib/use-seen";
import { DataTable } from "./data-table";
import { HeatMap } from "./heat-map";
import { isLying } from "./series";
import { heightOf, SIZES } from "./sizes";

const loadPlot = () => import("./plot");
const Plot = dynamic(loadPlot, { ssr: false, loading: () => null });

/** Fetch the drawing code ahead of the first chart. */
export const preloadCharts = () => void loadPlot();

type Props = { chart: ChartSpec; grain: Grain | null; heading?: "h2" | "h3"; isEager?: boolean; className?: string };

/** One chart: its finding as title, what is drawn below it, the drawing or its table, and what is left out. */
export function ChartFigure({ chart, grain, heading: Heading = "h3", isEager = false, className }: Props) {
  const id = useId();
  const [isTable, setTable] = useState(false);
  const [ref, isSeen] = useSeen<HTMLDivElement>(isEager);
  const height = heightOf(SIZES[useWidth()], isLying(chart, grain) ? chart.data.length : null);
  const footnotes = notesOf(chart);

  return (
    <figure aria-labelledby={`${id}-title`} aria-describedby={`${id}-alt`} data-chart={chart.type} className={clsx("flex min-w-0 flex-col", className)}>
      <figcaption className="mb-3">
        <Heading id={`${id}-title`} className="text-base leading-snug font-semibold break-words">{chart.title}</Heading>
        <p className="text-sm break-words text-soft">{chart.subtitle}</p>
      </figcaption>
      <p id={`${id}-alt`} className="sr-only">{chart.alt}</p>
      <div ref={ref} className={clsx(!isTable && chart.type !== "heatmap" && "min-h-(--plot)")} style={{ "--plot": `${height}px` } as React.CSSProperties}>
        <Boundary what="This chart">
          {chart.data.length === 0 ? (
            <p className="text-sm text-soft">There is nothing to draw.</p>
          ) : isTable ? (
            <DataTable chart={chart} grain={grain} labelledBy={`${id}-title`} />
          ) : chart.type === "heatmap" ? (
            <HeatMap chart={chart} labelledBy={`${id}-title`} />
          ) : isSeen ? (
            <Plot chart={chart} grain={grain} />
          ) : (
            <Skeleton className="h-full min-h-40" />
          )}
        </Boundary>
      </div>
      <div className="mt-auto -mb-2 flex items-center gap-3 pt-1">
        <p className="min-w-0 flex-1 text-xs break-words text-soft">{footnotes.join(" ")}</p>
        <button type="button" aria-describedby={`${id}-title`} onClick={() => setTable(!isTable)} className="no-print -mr-2 inline-flex min-h-11 shrink-0 items-center gap-1.5 rounded-md px-2 text-sm text-soft hover:bg-sunken hover:text-ink">
          {isTable ? <TrendingUp aria-hidden className="size-4" /> : <Table2 aria-hidden className="size-4" />}
          {isTable ? "Show as chart" : "Show as table"}
        </button>
      </div>
    </figure>
  );
}

/** What the drawing does not show by itself: how much it sums up, and where its last period ends early. */
function notesOf(chart: ChartSpec): string[] {
  const notes = [];
  if (chart.type === "scatter") notes.push(`Shown: ${formatCount(chart.pointsShown)} of ${formatCounted(chart.pointsTotal, "row")}.`);
  else if (chart.type !== "heatmap" && chart.pointsTotal > chart.pointsShown) notes.push(`Sums up ${formatCounted(chart.pointsTotal, "row")}.`);
  if (chart.note) notes.push(chart.note);
  else if (chart.partialLast) notes.push("The last period is not complete.");
  return notes;
}
