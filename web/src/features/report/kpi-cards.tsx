import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import { grainOf, pointsOf } from "@/components/charts/series";
import { Sparkline } from "@/components/charts/sparkline";
import { Disclosure } from "@/components/ui/disclosure";
import type { ChartSpec, KpiCard } from "@/lib/api/types";
import { formatCounted, type Grain } from "@/lib/format";
import { capitalise, sayMeasure } from "@/lib/words";
import type { Contents } from "./contents";

/** The figures worth a card, each with its change in words and the way it was computed. */
export function KpiCards({ contents }: { contents: Contents }) {
  const { cards } = contents.report.kpis;
  if (cards.length === 0) return null;
  return (
    <section aria-labelledby="figures-title" id="figures">
      <h2 id="figures-title" className="sr-only">Key figures</h2>
      <ul className="grid grid-cols-1 gap-x-8 divide-y sm:grid-cols-2 sm:gap-y-4 sm:divide-y-0 md:grid-cols-4 md:gap-x-6 lg:gap-x-8">
        {cards.map((card) => <Card key={card.factId + card.label} card={card} contents={contents} />)}
      </ul>
    </section>
  );
}

function Card({ card, contents }: { card: KpiCard; contents: Contents }) {
  const fact = contents.facts.get(card.factId);
  const chart = card.chartId ? contents.charts.get(card.chartId) : undefined;
  const grain = chart ? grainOf(chart, contents.facts) : null;
  const isCourse = chart && (chart.type === "line" || chart.type === "area");
  return (
    <li className="min-w-0 py-3 first:pt-0 sm:py-0">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-x-4 sm:block">
        <div className="min-w-0">
          <p className="eyebrow break-words">{capitalise(card.label)}</p>
          <p className="mt-1 font-serif text-3xl leading-tight break-words lg:text-4xl">{card.display}</p>
        </div>
        {isCourse && <Sparkline values={courseOf(chart, grain)} className="h-9 w-28 sm:hidden" />}
      </div>
      {card.changeDisplay && card.change != null && (
        <p className="mt-1 flex items-start gap-1 text-sm">
          <Direction change={card.change} />
          <span className="min-w-0 break-words"><span className="figures font-semibold">{card.changeDisplay}</span>{card.period && <span className="text-soft"> {card.period}</span>}</span>
        </p>
      )}
      {isCourse && <Sparkline values={courseOf(chart, grain)} className="mt-2 h-9 w-full max-sm:hidden" />}
      <Disclosure summary="How computed" className="-ml-0.5">
        <div className="space-y-1 pb-2 text-sm break-words text-soft">
          <p>{card.how}</p>
          {fact && <p className="text-xs">{sayMeasure(fact.measure)}; rests on {formatCounted(fact.n, "row")}.</p>}
        </div>
      </Disclosure>
    </li>
  );
}

/** A period that is not complete would look like a fall, so the course ends before it. */
function courseOf(chart: ChartSpec, grain: Grain | null): (number | null)[] {
  const values = pointsOf(chart, grain).map((point) => point.y);
  return chart.partialLast ? values.slice(0, -1) : values;
}

/** Up or down says nothing of good or bad, so the arrow has the colour of the text. */
function Direction({ change }: { change: number }) {
  const [Icon, word] = change > 0 ? ([ArrowUp, "up"] as const) : change < 0 ? ([ArrowDown, "down"] as const) : ([ArrowRight, "unchanged"] as const);
  return (
    <>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="sr-only">{word}</span>
    </>
  );
}
