import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import { grainOf, pointsOf } from "@/components/charts/series";
import { Sparkline } from "@/components/charts/sparkline";
import { Disclosure } from "@/components/ui/disclosure";
import type { Fact, KpiCard } from "@/lib/api/types";
import { formatCounted } from "@/lib/format";
import { capitalise, sayMeasure } from "@/lib/words";
import type { Contents } from "./contents";

type Props = { contents: Contents; cards?: readonly KpiCard[] };

/** The figures worth a card, each with its change in words and the way it was computed. Rows of all cards line up. */
export function KpiCards({ contents, cards = contents.report.kpis.cards }: Props) {
  if (cards.length === 0) return null;
  return (
    <section aria-labelledby="figures-title" id="figures">
      <h2 id="figures-title" className="sr-only">Key figures</h2>
      <ul className="grid grid-cols-1 gap-x-6 divide-y sm:grid-cols-2 sm:divide-y-0 md:grid-cols-4 lg:gap-x-8">
        {cards.map((card) => <Card key={card.factId + card.label} card={card} contents={contents} />)}
      </ul>
    </section>
  );
}

function Card({ card, contents }: { card: KpiCard; contents: Contents }) {
  const fact = contents.facts.get(card.factId);
  const course = courseOf(card, fact, contents);
  const share = card.unit === "share" && card.value !== null && card.value >= 0 && card.value <= 1 ? card.value : null;
  return (
    <li className="min-w-0 py-4 first:pt-0 sm:row-span-5 sm:grid sm:grid-rows-subgrid sm:gap-y-0 sm:border-l-2 sm:border-line sm:pt-0 sm:pb-2 sm:pl-4 sm:max-md:nth-[n+3]:mt-6">
      <p className="eyebrow self-end break-words" dir="auto"><span className="line-clamp-2" title={capitalise(card.label)}>{capitalise(card.label)}</span></p>
      <p className="figures mt-1 font-serif text-3xl leading-tight break-words lg:text-[2.25rem]">{card.display}</p>
      <p className="mt-1 flex items-start gap-1 text-sm empty:hidden sm:empty:block">
        {card.changeDisplay && card.change != null && (
          <>
            <Direction change={card.change} />
            <span className="min-w-0 break-words"><span className="figures font-semibold">{card.changeDisplay}</span>{card.period && <span className="text-soft"> {card.period}</span>}</span>
          </>
        )}
      </p>
      <div className="mt-2 flex items-end empty:hidden sm:empty:block">
        {course ? (
          <Sparkline values={course} className="h-9 w-full max-sm:max-w-60" />
        ) : share !== null ? (
          <svg aria-hidden viewBox="0 0 100 6" preserveAspectRatio="none" className="mb-1 h-1.5 w-full max-sm:max-w-60">
            <rect width="100" height="6" rx="1" className="fill-line" />
            <rect width={share * 100} height="6" rx="1" className="fill-chart" />
          </svg>
        ) : null}
      </div>
      <Disclosure summary="How computed" className="-ml-1 self-start">
        <div className="space-y-1 pb-2 pl-1 text-sm break-words text-soft">
          <p>{card.how}</p>
          {fact && <p className="text-xs">{sayMeasure(fact.measure)}; rests on {formatCounted(fact.n, "row")}.</p>}
        </div>
      </Disclosure>
    </li>
  );
}

/** How the card's figure went over time: its chart, else a fact that measures the same per period. */
function courseOf(card: KpiCard, fact: Fact | undefined, { report, charts, facts }: Contents): (number | null)[] | null {
  const chart = card.chartId ? charts.get(card.chartId) : undefined;
  if (chart && (chart.type === "line" || chart.type === "area")) {
    const values = pointsOf(chart, grainOf(chart, facts)).map((point) => point.y);
    // A period that is not complete would look like a fall, so the course ends before it.
    return long(chart.partialLast ? values.slice(0, -1) : values);
  }
  if (!fact || fact.measure.by) return null;
  for (const { measure, value } of facts.values()) {
    if (!Array.isArray(value) || !measure.by || !measure.grain || CYCLES.includes(measure.grain)) continue;
    if (measure.metric !== fact.measure.metric || measure.column !== fact.measure.column || fact.measure.filters?.length) continue;
    if (measure.filters?.some((filter) => filter.column !== measure.by)) continue; // a bound in time is no part
    const isLastPartial = report.chartSpecs.some((spec) => spec.partialLast && facts.get(spec.factIds[0] ?? "")?.measure.grain === measure.grain);
    const values = value.filter((entry) => entry.key !== null).map((entry) => (typeof entry.value === "number" ? entry.value : null));
    return long(isLastPartial ? values.slice(0, -1) : values);
  }
  return null;
}

const CYCLES = ["weekday", "hour_of_day", "month_of_year"];
const FEWEST_POINTS = 3;
const long = (values: (number | null)[]) => (values.filter((value) => value !== null).length < FEWEST_POINTS ? null : values);

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
