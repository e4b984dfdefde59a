"use client";
import clsx from "clsx";
import { Download, Table2, TrendingUp } from "lucide-react";
import dynamic from "next/dynamic";
import { useId, useRef, useState } from "react";
import { Boundary } from "@/components/ui/boundary";
import { Skeleton } from "@/components/ui/skeleton";
import type { ChartSpec, Fact } from "@/lib/api/types";
import { formatCount, formatCounted, type Grain } from "@/lib/format";
import { usePaper, useWidth } from "@/lib/use-media";
import { useSeen } from "@/lib/use-seen";
import { typeset } from "@/lib/words";
import { DataTable } from "./data-table";
import { HeatMap } from "./heat-map";
import { bridgesOf, isDwarfing, isLying, namedIndex, pointsOf } from "./series";
import { heightOf, PAPER, SIZES } from "./sizes";

const LONG_NOTE = 60; // letters; more of them get a line of their own

const loadSaving = () => import("./saving"); // for the few who take a chart along

type Drawing = typeof import("./plot").default;
let drawing: Drawing | null = null;
const loadPlot = async () => {
  const plot = await import("./plot");
  drawing = plot.default;
  return plot;
};

/** Fetches the code that draws, so that paper gets drawings and not the tables in their stead. Without it the tables do. */
export const readyToDraw = () => loadPlot().then(() => true, () => false);

const Plot = dynamic(loadPlot, { ssr: false, loading: () => null });

/** The drawing, at once where its code is here already: paper does not wait a moment for what is only loaded lazily. */
function Drawn(props: React.ComponentProps<Drawing>) {
  const [How] = useState(() => drawing ?? Plot);
  return <How {...props} />;
}

type Props = {
  chart: ChartSpec;
  grain: Grain | null;
  /** The fact that is drawn: it says which point the title names, and spells every key in full. */
  fact?: Fact;
  /** The place of the point that the reader picked here; it stands out in place of the one that the title names. */
  picked?: number | null;
  /** Called with the place of a bar or a period in `chart.data` when the reader picks it. */
  onPick?: (index: number) => void;
  heading?: "h2" | "h3";
  isEager?: boolean;
  /** The page's headline says the title already; it is then read out only. */
  isTitleSaid?: boolean;
  className?: string;
};

/** One chart: its finding as title, what is drawn below it, the drawing or its table, and what is left out. */
export function ChartFigure({ chart, grain, fact, picked, onPick, heading: Heading = "h3", isEager = false, isTitleSaid = false, className }: Props) {
  const id = useId();
  const figure = useRef<HTMLElement>(null);
  const [isTable, setTable] = useState(false);
  const [ref, isSeen] = useSeen<HTMLDivElement>(isEager);
  const isPrint = usePaper();
  const width = useWidth();
  const height = heightOf(isPrint ? PAPER.size : SIZES[width], isLying(chart, grain) ? chart.data.length : null);
  const footnotes = notesOf(chart, grain);
  const isEmpty = chart.data.length === 0;
  const isRead = isTable || (isPrint && !drawing && chart.type !== "heatmap"); // paper cannot wait for the drawing code

  return (
    <figure ref={figure} aria-labelledby={`${id}-title`} aria-describedby={`${id}-alt`} data-chart={chart.type} className={clsx("flex min-w-0 flex-col", className)}>
      <figcaption className="mb-3">
        <Heading id={`${id}-title`} className={isTitleSaid ? "sr-only" : "text-base leading-snug font-semibold break-words"}>{typeset(chart.title)}</Heading>
        <p className="text-sm break-words text-soft">{typeset(chart.subtitle)}</p>
      </figcaption>
      <p id={`${id}-alt`} className="sr-only">{chart.alt}</p>
      <div ref={ref} className={clsx(!isRead && !isEmpty && chart.type !== "heatmap" && "min-h-(--plot)")} style={{ "--plot": `${height}px` } as React.CSSProperties}>
        <Boundary what="This chart">
          {isEmpty ? (
            <p className="text-sm text-soft">There is nothing to draw.</p>
          ) : isRead ? (
            <DataTable chart={chart} grain={grain} labelledBy={`${id}-title`} onPick={onPick} isOnPaper={isPrint} />
          ) : chart.type === "heatmap" ? (
            <HeatMap chart={chart} labelledBy={`${id}-title`} />
          ) : isSeen ? (
            <Drawn chart={chart} grain={grain} named={picked ?? namedIndex(chart, fact)} onPick={onPick} />
          ) : (
            <Skeleton className="h-full min-h-40" />
          )}
        </Boundary>
      </div>
      <div className="mt-auto -mb-2 flex flex-wrap items-center justify-end gap-x-1 pt-1">
        <p className={clsx("min-w-0 flex-1 text-xs break-words text-soft", footnotes.join(" ").length > LONG_NOTE ? "basis-full" : "basis-40")}>{footnotes.join(" ")}</p>
        {!isEmpty && (
          <div className="no-print -mr-2 flex shrink-0 items-center">
            <Tool label={isTable ? "Show as chart" : "Show as table"} describedBy={`${id}-title`} onPress={() => setTable(!isTable)}>
              {isTable ? <TrendingUp aria-hidden className="size-4" /> : <Table2 aria-hidden className="size-4" />}
              {isTable ? "Show as chart" : "Show as table"}
            </Tool>
            {!isTable && (
              <Tool label="Save as picture (PNG)" describedBy={`${id}-title`} onPress={async () => { if (figure.current) await (await loadSaving()).savePng(figure.current, chart, footnotes.join(" ")); }}>
                <Download aria-hidden className="size-4" />PNG
              </Tool>
            )}
            <Tool label="Save its figures (CSV)" describedBy={`${id}-title`} onPress={async () => (await loadSaving()).saveCsv(chart, fact)}>
              {isTable && <Download aria-hidden className="size-4" />}CSV
            </Tool>
          </div>
        )}
      </div>
    </figure>
  );
}

type ToolProps = { label: string; describedBy: string; onPress: () => Promise<void> | void; children: React.ReactNode };

function Tool({ label, describedBy, onPress, children }: ToolProps) {
  return (
    <button type="button" aria-label={label} aria-describedby={describedBy} onClick={() => void onPress()} className="inline-flex min-h-11 items-center gap-1.5 rounded-md px-2 text-[0.8125rem] whitespace-nowrap text-soft hover:bg-sunken hover:text-ink lg:min-h-8">
      {children}
    </button>
  );
}

/** What the drawing does not show by itself: how much it sums up, and where its last period ends early. */
function notesOf(chart: ChartSpec, grain: Grain | null): string[] {
  const notes = [];
  const isSaid = chart.subtitle.includes(formatCount(chart.pointsTotal)); // the subtitle tells how many already
  if (chart.type === "scatter") {
    if (chart.pointsShown < chart.pointsTotal && !chart.note) notes.push(`Shown: ${formatCount(chart.pointsShown)} of ${formatCounted(chart.pointsTotal, "row")}.`);
  } else if (chart.type !== "heatmap" && chart.pointsTotal > chart.pointsShown && !isSaid && !chart.note?.includes(formatCount(chart.pointsTotal))) notes.push(`Over ${formatCounted(chart.pointsTotal, "row")}.`);
  const points = chart.type === "line" || chart.type === "bar" ? pointsOf(chart, grain) : [];
  if (chart.type === "line" && grain && bridgesOf(points.map((point) => point.y)).some((value) => value !== null)) notes.push(`The thin line passes over ${grain}s without a value.`);
  if (isLying(chart, grain) && isDwarfing(points)) notes.push("The rest has no bar: it would dwarf the others.");
  if (chart.note) notes.push(chart.note);
  else if (chart.partialLast) notes.push("The last period is not complete.");
  return notes;
}
