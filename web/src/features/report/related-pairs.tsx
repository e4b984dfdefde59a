"use client";
import clsx from "clsx";
import { useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import type { RelatedPair, RelatedPairs } from "@/lib/api/types";
import { formatCoefficient, formatCount, formatCounted } from "@/lib/format";
import { useGoingOn } from "@/lib/use-going-on";
import { usePaper } from "@/lib/use-media";
import { say, setApart, type Columns } from "@/lib/words";
import { pairWords, SIGNS } from "./pair-words";
import { Section } from "./section";
import type { Looking } from "./use-part";
import { usePartPairs, type PartPairs } from "./use-part-pairs";

const SHOWN_FIRST = 8;

type Props = { together: RelatedPairs; columns: Columns };

/** The part of the report on pairs of columns: of all rows, or of the part that is looked at. */
export function RelatedPairsOfReport({ jobId, together, columns, looking }: Props & { jobId: string; looking: Looking }) {
  const part = usePartPairs(jobId, together.pairs, looking);
  return (
    <Section id="together" title="What goes together" lead={part ? partLine(part) : comparedLine(together)}>
      <RelatedPairsList together={together} columns={columns} part={part} />
    </Section>
  );
}

const partLine = ({ rows }: PartPairs) => `The same pairs over the ${formatCounted(rows, "row")} of the part, each beside its figure over all rows. Whether chance brings it about was asked of all rows alone.`;

/** Which columns go together, the closest first, and what the signs mean. */
export function RelatedPairsList({ together, columns, part = null }: Props & { part?: PartPairs | null }) {
  const id = useId();
  const [isWished, setAll] = useState(false);
  const isAll = usePaper() || isWished; // paper has no button for the rest
  const list = useRef<HTMLOListElement>(null);
  const { pairs } = together;
  const shown = isAll ? pairs : pairs.slice(0, SHOWN_FIRST);
  const goOn = useGoingOn(shown.length, (index) => list.current?.children[index] as HTMLElement | undefined);
  const kinds = [...new Set(pairs.map((pair) => pair.kind))];
  if (pairs.length === 0) return <p className="text-soft">None beyond what chance brings about.</p>;
  return (
    <>
      <ol ref={list} id={id} className="grid gap-x-12 lg:grid-cols-2">
        {shown.map((pair, place) => <Pair key={`${pair.kind} ${pair.column} ${pair.column2}`} pair={pair} columns={columns} inPart={part ? { strength: part.strengths[place] ?? null } : null} />)}
      </ol>
      {pairs.length > shown.length && <Button className="no-print mt-4" aria-controls={id} onClick={() => { goOn(); setAll(true); }}>Show {formatCounted(pairs.length - shown.length, "more pair")}</Button>}
      <dl className="mt-4 max-w-3xl space-y-0.5 text-[0.8125rem] leading-snug text-soft">
        {kinds.map((kind) => (
          <div key={kind} className="flex gap-2">
            <dt className="w-4 shrink-0 font-semibold text-ink">{SIGNS[kind].sign}</dt>
            <dd>{SIGNS[kind].means}.</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** How many pairs were looked at, and which of them stand here. */
export function comparedLine({ compared, clear, marked, pairs }: RelatedPairs): string {
  const listed = pairs.length === 0 ? "" : clear > pairs.length ? ` Listed ${pairs.length === 1 ? "is the" : `are the ${formatCount(pairs.length)}`} closest of those that go together beyond chance.` : ` ${formatCounted(pairs.length, "goes", "go")} together beyond chance.`;
  const left = marked > 0 ? ` ${formatCounted(marked, "column is", "columns are")} left out: a number in ${marked === 1 ? "it" : "them"} stands for no value.` : "";
  return `${formatCounted(compared, "pair")} of columns compared, over all rows; the relations tested for insights are counted apart.${listed}${left}`;
}

function Pair({ pair, columns, inPart }: { pair: RelatedPair; columns: Columns; inPart: { strength: number | null } | null }) {
  const strength = inPart ? inPart.strength : pair.strength;
  const pieces = strength === null ? [{ column: pair.column }, " and ", { column: pair.column2 }, ": too little in this part to tell"] : pairWords({ ...pair, strength });
  return (
    <li tabIndex={-1} className="grid grid-cols-[minmax(0,1fr)_5rem] items-center gap-x-4 gap-y-1 border-b py-2 sm:grid-cols-[minmax(0,1fr)_6rem_4.5rem]">
      <p className="min-w-0 text-sm leading-snug break-words max-sm:col-span-2">
        {pieces.map((piece, index) => (typeof piece === "string" ? <span key={index} className="text-soft">{piece}</span> : <bdi key={index} className="font-semibold">{say(piece.column, columns)}</bdi>))}
      </p>
      <Strength value={strength ?? 0} />
      <div className="figures text-right text-sm whitespace-nowrap">
        <p><span className="text-soft">{SIGNS[pair.kind].sign} =</span> {strength === null ? "—" : formatCoefficient(strength)}</p>
        {inPart && <p className="text-xs text-soft">all {formatCoefficient(pair.strength)}</p>}
      </div>
    </li>
  );
}

/** The pairs of one column, each by the other column's name. */
export function PairsOf({ column, together, columns }: Props & { column: string }) {
  const own = together.pairs.filter((pair) => pair.column === column || pair.column2 === column);
  if (own.length === 0) return null;
  return (
    <section>
      <h3 className="eyebrow mb-1">Goes together with</h3>
      <ul className="border-y text-sm">
        {own.map((pair) => (
          <li key={`${pair.kind} ${pair.column} ${pair.column2}`} className="grid grid-cols-[minmax(0,1fr)_5rem_4.5rem] items-center gap-x-4 border-t py-1 first:border-t-0">
            <span className="min-w-0 break-words">{setApart(say(pair.column === column ? pair.column2 : pair.column, columns))}</span>
            <Strength value={pair.strength} />
            <span className="figures text-right whitespace-nowrap"><span className="text-soft">{SIGNS[pair.kind].sign} =</span> {formatCoefficient(pair.strength)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How close, as a bar from nothing to one; the figure beside it says the same. */
function Strength({ value }: { value: number }) {
  return (
    <svg aria-hidden viewBox="0 0 100 6" preserveAspectRatio="none" className="h-1.5 w-full">
      <rect width="100" height="6" className="fill-line" />
      <rect width={Math.abs(value) * 100} height="6" className={clsx(value < 0 ? "fill-(--chart-2)" : "fill-chart")} />
    </svg>
  );
}
