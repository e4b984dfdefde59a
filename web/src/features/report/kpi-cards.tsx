import clsx from "clsx";
import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import { grainOf, pointsOf } from "@/components/charts/series";
import { Sparkline } from "@/components/charts/sparkline";
import { Disclosure } from "@/components/ui/disclosure";
import type { Fact, KpiCard } from "@/lib/api/types";
import { formatCounted } from "@/lib/format";
import { capitalise, sayMeasure, typeset } from "@/lib/words";
import type { Contents } from "./contents";

type Props = { contents: Contents; cards?: readonly KpiCard[] };

/** The figures worth a card, each with its change in words and the way it was computed. Rows of all cards line up. */
export function KpiCards({ contents, cards = contents.report.kpis.cards }: Props) {
  if (cards.length === 0) return null;
  return (
    <section aria-labelledby="figures-title" id="figures">
      <h2 id="figures-title" className="sr-only">Key figures</h2>
      <ul className={clsx("grid grid-cols-2 gap-3 sm:gap-4", cards.length === 3 ? "max-sm:*:last:col-span-2 sm:grid-cols-3" : "lg:grid-cols-4")}>
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
    <li className="card row-span-4 grid min-w-0 grid-rows-subgrid gap-y-0 p-3 pb-1 sm:p-4 sm:pb-1.5">
      <p className="text-[0.8125rem] leading-snug font-medium break-words text-soft"><span className="line-clamp-4 sm:line-clamp-3" title={capitalise(card.label)}>{typeset(capitalise(card.label))}</span></p>
      <p className="mt-1 font-serif text-[1.75rem] leading-tight break-words sm:text-[2.125rem]">{card.display}</p>
      <div className="mt-1 flex flex-col justify-between gap-2">
        {card.changeDisplay && card.change != null && (
          <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-[0.8125rem] leading-snug">
            <span className="inline-flex items-center gap-0.5 rounded bg-sunken px-1 py-px font-semibold"><Direction change={card.change} />{card.changeDisplay}</span>{" "}
            {card.period && <span className="text-soft">{typeset(card.period)}</span>}
          </p>
        )}
        {course ? (
          <Sparkline values={course} className="mt-auto h-9 w-full" />
        ) : share !== null ? (
          <svg aria-hidden viewBox="0 0 100 6" preserveAspectRatio="none" className="mt-auto mb-1 h-1.5 w-full">
            <rect width="100" height="6" rx="1" className="fill-line" />
            <rect width={share * 100} height="6" rx="1" className="fill-chart" />
          </svg>
        ) : null}
      </div>
      <Disclosure summary="How computed" className="-ml-1 self-end">
        <div className="space-y-1 pb-2 pl-1 text-[0.8125rem] leading-snug break-words text-soft">
          <p>{card.how}</p>
          {fact && <p className="text-xs">{typeset(sayMeasure(fact.measure, contents.columns))}; rests on {formatCounted(fact.n, "row")}.</p>}
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
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="sr-only">{word}</span>
    </>
  );
}
