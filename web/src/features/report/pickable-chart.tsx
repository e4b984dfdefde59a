"use client";
import clsx from "clsx";
import { ChartFigure } from "@/components/charts/chart-figure";
import { drawnFact, grainOf } from "@/components/charts/series";
import { Boundary } from "@/components/ui/boundary";
import type { ChartSpec } from "@/lib/api/types";
import { useLive } from "@/lib/live";
import type { Contents } from "./contents";
import { isPickable, pickOf } from "./drill";
import type { Looking } from "./use-part";

type Props = { chart: ChartSpec; contents: Contents; looking: Looking; heading?: "h2" | "h3"; isEager?: boolean; isTitleSaid?: boolean; className?: string };

/** A chart whose bars and periods can be picked; while a part is looked at, it is drawn for that part. */
export function PickableChart(props: Props) {
  return <Boundary what="This chart"><Pickable {...props} /></Boundary>;
}

function Pickable({ chart, contents, looking, heading, isEager, isTitleSaid, className }: Props) {
  const isLive = useLive();
  const grain = grainOf(chart, contents.facts);
  const whole = drawnFact(chart, contents.facts);
  const part = looking.part?.charts.get(chart.id);
  const [shown, fact] = part ? [part.chart, part.fact] : [chart, whole];
  const mayPick = isLive && isPickable(shown, fact, contents.columns);
  return (
    <div className={clsx("flex h-full flex-col", looking.isComputing && "opacity-60")} aria-busy={looking.isComputing}>
      <ChartFigure
        chart={shown}
        grain={grain}
        fact={fact}
        picked={part?.picked}
        onPick={mayPick ? (index) => { const pick = pickOf(shown, fact, index, contents.columns); if (pick) looking.add(pick); } : undefined}
        heading={heading}
        isEager={isEager}
        isTitleSaid={isTitleSaid}
        className={clsx("flex-1", className)}
      />
      {looking.part && !part && <p className="mt-1 text-xs text-soft">Of all rows: this chart is not drawn for a part.</p>}
    </div>
  );
}
