import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import type { Deduction, Report } from "@/lib/api/types";
import { formatCount, formatCounted, formatNumber, formatShare, locale } from "@/lib/format";

const GOOD_FROM = 90;
const FAIR_FROM = 70;

function verdict(score: number): { word: string; className: string } {
  if (score >= GOOD_FROM) return { word: "good", className: "text-good" };
  if (score >= FAIR_FROM) return { word: "fair", className: "text-warn" };
  return { word: "poor", className: "text-bad" };
}

/** Small deductions keep two figures, so that none of them is said to be nothing. */
const points = (value: number) => new Intl.NumberFormat(locale(), value < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 }).format(value);

/** How good the data is, before any figure: the score, and every point that was lost with what gives it back. */
export function QualityStrip({ report }: { report: Report }) {
  const { qualityScore, quality } = report;
  const { word, className } = verdict(qualityScore);
  const lost = [...quality.deductions].sort((a, b) => b.points - a.points);
  return (
    <section aria-labelledby="quality-title" id="quality" className="grid gap-x-8 gap-y-4 border-y border-ink/80 py-4 md:grid-cols-[11rem_minmax(0,1fr)]">
      <div>
        <h2 id="quality-title" className="eyebrow">Data quality</h2>
        <p className="mt-2 flex items-baseline gap-2">
          <span className="figures font-serif text-5xl leading-none">{formatCount(qualityScore)}</span>
          <span className="text-sm text-soft">of 100, <span className={clsx("font-semibold", className)}>{word}</span></span>
        </p>
        <p className="mt-2 text-xs text-soft">{formatCounted(quality.checkedCells, "cell")} checked</p>
      </div>
      {lost.length === 0 ? (
        <p className="self-center text-soft">Nothing was found that costs a point: no missing cells, no repeated rows, no cells that do not fit their column.</p>
      ) : (
        <ul className="divide-y xl:grid xl:auto-cols-fr xl:grid-flow-col xl:gap-8 xl:divide-y-0">
          {lost.map((deduction) => <Line key={`${deduction.rule}-${deduction.title}`} deduction={deduction} />)}
        </ul>
      )}
    </section>
  );
}

function Line({ deduction }: { deduction: Deduction }) {
  const columns = deduction.columns.slice(0, 5);
  return (
    <li className="py-1.5 first:pt-0 last:pb-0 xl:py-0">
      <details className="group">
        <summary className="flex min-h-11 items-center gap-3 rounded-md hover:bg-sunken xl:items-start xl:py-1">
          <span className="min-w-0 flex-1 font-medium break-words">{deduction.title}</span>
          <span className="shrink-0 text-right text-sm whitespace-nowrap">
            <span className="text-soft">−{points(deduction.points)}</span> <span className="font-semibold text-good">fix: +{points(deduction.points)}</span>
          </span>
          <ChevronRight aria-hidden className="size-4 shrink-0 text-soft transition-transform group-open:rotate-90 xl:mt-1" />
        </summary>
        <div className="mb-1 space-y-1 rounded-md bg-sunken p-3 text-sm">
          <p>{formatCounted(deduction.rows, "row")} concerned, {formatShare(deduction.share)} of all {deduction.rule === "duplicates" ? "rows" : "cells"}.</p>
          {columns.length > 0 && <p className="break-words">{columns.map((column) => `${column.column} ${formatNumber(column.cells, null)}`).join(" · ")}{deduction.columns.length > columns.length && ` · and ${formatCounted(deduction.columns.length - columns.length, "more column")}`}</p>}
          {deduction.rowIndices.length > 0 && <p className="break-words text-soft">{deduction.rows > deduction.rowIndices.length ? "First rows" : "Rows"}: {deduction.rowIndices.map((index) => formatCount(index + 1)).join(", ")}</p>}
        </div>
      </details>
      <p className="text-sm break-words text-soft">{deduction.fix}</p>
    </li>
  );
}
