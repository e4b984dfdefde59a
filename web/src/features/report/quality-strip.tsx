import clsx from "clsx";
import { Check, ChevronRight } from "lucide-react";
import type { Deduction, Report } from "@/lib/api/types";
import { formatCount, formatCounted, formatNumber, formatShare } from "@/lib/format";

const GOOD_FROM = 90;
const FAIR_FROM = 70;
const FULL = 100;

function verdict(score: number): { word: string; className: string } {
  if (score >= GOOD_FROM) return { word: "good", className: "text-good" };
  if (score >= FAIR_FROM) return { word: "fair", className: "text-warn" };
  return { word: "poor", className: "text-bad" };
}

/** Small deductions keep two figures, so that none of them is said to be nothing. */
const points = (value: number) => formatCount(value, value < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 });

/** How good the data is, before any figure: the score, and every point that was lost with what gives it back. */
export function QualityStrip({ report }: { report: Report }) {
  const { qualityScore, quality } = report;
  const { word, className } = verdict(qualityScore);
  const hasMarks = report.insights.analystInsights.some((insight) => insight.kind === "sentinel");
  const lost = [...quality.deductions].sort((a, b) => b.points - a.points);
  return (
    <section aria-labelledby="quality-title" id="quality" className="card grid gap-x-6 gap-y-3 p-4 md:grid-cols-[13rem_minmax(0,1fr)] md:items-center">
      <div className="flex items-center gap-4">
        <Dial score={qualityScore} className={className} />
        <div>
          <h2 id="quality-title" className="text-[0.8125rem] leading-snug font-medium text-soft">Data quality</h2>
          <p className="leading-tight"><span className="sr-only">{formatCount(qualityScore)} </span>of 100, <span className={clsx("font-semibold", className)}>{word}</span></p>
          <p className="mt-0.5 text-xs text-soft">{formatCounted(quality.checkedCells, "cell")} checked{qualityScore === FULL && lost.length > 0 && "; 99.5 and more count as 100"}</p>
        </div>
      </div>
      {lost.length === 0 ? (
        <p className="flex items-start gap-2 text-sm text-soft md:border-l md:pl-6"><Check aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />Nothing was found that costs a point: no missing cells, no repeated rows, no cells that do not fit their column.{hasMarks && " Numbers that look like marks for a missing value are not counted; the insights name them."}</p>
      ) : (
        <ul className="divide-y max-md:border-t md:border-l md:pl-6 xl:grid xl:auto-cols-fr xl:grid-flow-col xl:gap-8 xl:divide-y-0">
          {lost.map((deduction) => <Line key={`${deduction.rule}-${deduction.title}`} deduction={deduction} />)}
        </ul>
      )}
    </section>
  );
}

const ROUND = 100; // of the circle's path, so that a score is its own length

/** The score as a ring that is as full as the score; the words beside it say the same. */
function Dial({ score, className }: { score: number; className: string }) {
  const circle = { cx: 32, cy: 32, r: 27, fill: "none", strokeWidth: 5, pathLength: ROUND };
  return (
    <svg aria-hidden viewBox="0 0 64 64" className={clsx("size-16 shrink-0", className)}>
      <circle {...circle} className="stroke-line" />
      <circle {...circle} stroke="currentColor" strokeLinecap="round" strokeDasharray={`${Math.max(score, 0.1)} ${ROUND}`} transform="rotate(-90 32 32)" />
      <text x="32" y="32" textAnchor="middle" dominantBaseline="central" className="fill-ink font-serif text-2xl">{formatCount(score)}</text>
    </svg>
  );
}

function Line({ deduction }: { deduction: Deduction }) {
  const columns = deduction.columns.slice(0, 5);
  return (
    <li className="py-1 last:pb-0 md:first:pt-0 xl:py-0">
      <details className="group">
        <summary className="flex min-h-11 items-center gap-3 rounded-md text-sm hover:bg-sunken md:min-h-8">
          <span className="min-w-0 flex-1 font-medium break-words">{deduction.title}</span>
          <span className="shrink-0 text-right text-sm whitespace-nowrap">
            <span className="text-soft">−{points(deduction.points)}</span> <span className="font-semibold text-good">fix: +{points(deduction.points)}</span>
          </span>
          <ChevronRight aria-hidden className="size-4 shrink-0 text-soft transition-transform group-open:rotate-90" />
        </summary>
        <div className="mb-1 space-y-1 rounded-md bg-sunken p-3 text-sm">
          <p>{formatCounted(deduction.rows, "row")} concerned, {formatShare(deduction.share)} of all {deduction.rule === "duplicates" ? "rows" : "cells"}.</p>
          {columns.length > 0 && <p className="break-words">{columns.map((column) => `${column.column} ${formatNumber(column.cells, null)}`).join(" · ")}{deduction.columns.length > columns.length && ` · and ${formatCounted(deduction.columns.length - columns.length, "more column")}`}</p>}
          {deduction.rowIndices.length > 0 && <p className="break-words text-soft">{deduction.rows > deduction.rowIndices.length ? "First rows" : "Rows"}: {deduction.rowIndices.map((index) => formatCount(index + 1)).join(", ")}</p>}
        </div>
      </details>
      <p className="text-[0.8125rem] leading-snug break-words text-soft">{deduction.fix}</p>
    </li>
  );
}
