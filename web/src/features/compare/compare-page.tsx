"use client";
import { useQueries } from "@tanstack/react-query";
import clsx from "clsx";
import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Skeleton } from "@/components/ui/skeleton";
import { getReport } from "@/lib/api/client";
import type { Report } from "@/lib/api/types";
import { formatCount, formatCounted, formatInstant, formatShare } from "@/lib/format";
import { typeset } from "@/lib/words";
import { differencesOf, type Change } from "./differences";

const LOOKS: Record<Change, { word: string; className: string }> = {
  new: { word: "New", className: "bg-good-wash text-good" },
  gone: { word: "Gone", className: "bg-bad-wash text-bad" },
  changed: { word: "Changed", className: "bg-warn-wash text-warn" },
};

/** Two analyses side by side: what is new, gone or changed in findings, columns and figures. */
export function ComparePage() {
  const search = useSearchParams();
  const ids = [search.get("a"), search.get("b")];
  const reports = useQueries({
    queries: ids.map((id) => ({ queryKey: ["report", id], queryFn: ({ signal }: { signal: AbortSignal }) => getReport(id ?? "", signal), enabled: id !== null, staleTime: Infinity })),
  });
  const [before, after] = reports;

  if (ids.includes(null)) {
    return (
      <>
        <PageHead title="Pick two analyses to compare."><p>The history has a box beside each one that is ready.</p></PageHead>
        <Link href="/history/" className={buttonClass("primary")}>Open the history</Link>
      </>
    );
  }
  const problem = reports.find((report) => report.isError)?.error;
  if (problem) {
    return (
      <>
        <PageHead title="These cannot be compared." />
        <div className="max-w-2xl space-y-4">
          <Notice tone="bad" role="alert" title={problem.message} />
          <Link href="/history/" className={buttonClass("primary")}>Open the history</Link>
        </div>
      </>
    );
  }
  if (!before?.data || !after?.data) {
    return (
      <div role="status" aria-label="Loading both analyses" className="space-y-4">
        <h1 className="sr-only">Loading both analyses</h1>
        <Skeleton className="h-12 w-96 max-w-full" /><Skeleton className="h-24" /><Skeleton className="h-64" />
      </div>
    );
  }
  return <Compared before={before.data} after={after.data} ids={ids as [string, string]} />;
}

function Compared({ before, after, ids }: { before: Report; after: Report; ids: [string, string] }) {
  const found = differencesOf(before, after);
  const [a, b] = ids.map(encodeURIComponent);
  return (
    <article className="space-y-10">
      <div>
        <PageHead title={titleOf(found.insights.length, found.columns.length, found.figures.length)} />
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] sm:items-center">
          <Side label="Before" report={before} id={ids[0]} />
          <Link href={`/compare/?a=${b}&b=${a}`} className={buttonClass("quiet", "justify-self-start sm:justify-self-center")}><ArrowLeftRight aria-hidden className="size-4" />Swap</Link>
          <Side label="After" report={after} id={ids[1]} />
        </div>
      </div>
      {found.haveNothingInCommon && <Notice tone="info" title="These two tables have no column in common."><p>Comparing says most of two versions of one table, such as last month’s and this month’s.</p></Notice>}
      <Part title="Findings" alike={found.sameInsights} isEmpty={found.insights.length === 0}>
        <ul className="divide-y border-y">
          {found.insights.map((insight, index) => (
            <li key={index} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 py-3">
              <Sign change={insight.change} />
              <div className="min-w-0">
                <p className={clsx("font-medium break-words", insight.change === "gone" && "text-soft")}>{typeset(insight.headline)}</p>
                {insight.before && <p className="text-sm break-words text-soft">Before: {typeset(insight.before)}</p>}
              </div>
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Figures" alike={found.sameFigures} isEmpty={found.figures.length === 0}>
        <div tabIndex={0} role="region" aria-label="Figures before and after" className="relative overflow-x-auto">
          <table aria-label="Figures before and after" className="figures w-full text-sm">
            <thead>
              <tr className="border-b text-left">
                <th scope="col" className="eyebrow py-2 pr-3">Figure</th>
                {["Before", "After", "Change"].map((head) => <th key={head} scope="col" className="eyebrow px-3 py-2 text-right">{head}</th>)}
              </tr>
            </thead>
            <tbody className="divide-y">
              {found.figures.map((figure, index) => (
                <tr key={index}>
                  <th scope="row" className="py-2 pr-3 text-left font-normal break-words">{figure.name}</th>
                  <td className="px-3 py-2 text-right whitespace-nowrap text-soft">{figure.before}</td>
                  <td className="px-3 py-2 text-right font-semibold whitespace-nowrap">{figure.after}</td>
                  <td className="px-3 py-2 text-right whitespace-nowrap">{figure.share === null ? "" : `${figure.share > 0 ? "+" : ""}${formatShare(figure.share)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Part>
      <Part title="Columns" alike={found.sameColumns} isEmpty={found.columns.length === 0}>
        <ul className="divide-y border-y">
          {found.columns.map((column, index) => (
            <li key={index} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 py-3">
              <Sign change={column.change} />
              <p className="min-w-0 break-words"><span dir="auto" className="font-medium">{column.name}</span> <span className="text-soft">{column.note}</span></p>
            </li>
          ))}
        </ul>
      </Part>
    </article>
  );
}

function titleOf(insights: number, columns: number, figures: number): string {
  if (insights + columns + figures === 0) return "Nothing differs between these two.";
  const parts = ([["finding", insights], ["figure", figures], ["column", columns]] as const).filter(([, count]) => count > 0).map(([noun, count]) => formatCounted(count, noun));
  const isOne = insights + columns + figures === 1;
  return `${[parts.slice(0, -1).join(", "), parts.at(-1)].filter(Boolean).join(" and ")} ${isOne ? "differs" : "differ"}.`;
}

function Side({ label, report, id }: { label: string; report: Report; id: string }) {
  return (
    <div className="card min-w-0 p-4">
      <p className="eyebrow">{label}</p>
      <Link href={`/results/?id=${encodeURIComponent(id)}`} className="font-semibold break-words underline decoration-line decoration-2 underline-offset-4 hover:decoration-accent">{report.fileInfo.name}</Link>
      <p className="figures text-sm text-soft">{formatCounted(report.fileInfo.rows, "row")}, {formatCounted(report.fileInfo.cols, "column")}, quality {formatCount(report.qualityScore)}; {formatInstant(report.processedAt)}</p>
    </div>
  );
}

function Sign({ change }: { change: Change }) {
  const { word, className } = LOOKS[change];
  return <span className={clsx("h-fit justify-self-start rounded-full px-2.5 py-0.5 text-xs font-semibold", className)}>{word}</span>;
}

/** What is said of the things that do not differ: of one, of several, of none beside others that do, of none at all. */
const ALIKE = {
  Findings: { one: "finding reads the same", more: "findings read the same", none: "None reads the same.", nothing: "Neither has one." },
  Figures: { one: "figure that both state is equal", more: "figures that both state are equal", none: "None that both state is equal.", nothing: "There is none that both state." },
  Columns: { one: "column is as before", more: "columns are as before", none: "None is as before.", nothing: "Neither has one." },
};

function Part({ title, alike, isEmpty, children }: { title: keyof typeof ALIKE; alike: number; isEmpty: boolean; children: React.ReactNode }) {
  const { one, more, none, nothing } = ALIKE[title];
  const same = `${formatCounted(alike, one, more)}.`;
  return (
    <section className="border-t pt-8">
      <h2 className="font-serif text-2xl leading-tight">{title}</h2>
      <p className="mt-1 mb-4 text-sm text-soft">{alike === 0 ? (isEmpty ? nothing : none) : isEmpty ? `No difference. ${same}` : same}</p>
      {!isEmpty && children}
    </section>
  );
}
