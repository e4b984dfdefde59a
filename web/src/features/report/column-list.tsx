"use client";
import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useDeferredValue, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { leave, step, useAddress } from "@/lib/address";
import { Skeleton } from "@/components/ui/skeleton";
import type { ColumnProfile, Report } from "@/lib/api/types";
import { formatCount, formatCounted, formatShare } from "@/lib/format";
import { useShortcuts } from "@/lib/keys";
import { useGoingOn } from "@/lib/use-going-on";
import { useMedia, usePaper } from "@/lib/use-media";
import { ColumnView } from "./column-view";
import { cellText, rangeOf, roleWords, typeWords } from "./column-words";
import type { Contents } from "./contents";
import { Distribution } from "./distribution";
import { PAGE, useColumns, useNamedColumn } from "./use-columns";

const SEARCH_FROM = 12; // fewer columns are seen at a glance
const PHONE_FIRST = 15; // cards; with fifty the rest of the report would lie ten screens below

type Props = { jobId: string; report: Report; contents: Contents };

/** What each column is: a table where there is room, cards on a phone. Each opens to all that is known of it. */
export function ColumnList({ jobId, report, contents }: Props) {
  const { receipt } = report;
  const { rows, cols } = report.fileInfo;
  const named = useAddress().get("column");
  const opened = useNamedColumn(jobId, report, named);
  const open = (column: ColumnProfile) => step({ column: column.name });
  const [sought, setSought] = useState("");
  const { found, shown: page, stats, isPending, problem, showMore } = useColumns(jobId, report, useDeferredValue(sought).trim().toLowerCase());
  const isPaper = usePaper();
  const isTable = useMedia("(min-width: 768px)") || isPaper;
  const [isLong, setLong] = useState(false);
  const listed = isTable || isLong ? page : page.slice(0, PHONE_FIRST);
  const list = useRef<HTMLDivElement>(null);
  const goOn = useGoingOn(listed.length, (index) => list.current?.querySelectorAll<HTMLElement>("tbody button, summary")[index]);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useShortcuts(cols > SEARCH_FROM ? [{ keys: "f", does: "Find a column", run: () => field.current?.focus() }] : []);

  return (
    <>
      {cols > SEARCH_FROM && (
        <div className="no-print mb-4 max-w-sm">
          <label htmlFor={id} className="sr-only">Find a column by name or type</label>
          <input ref={field} id={id} type="search" value={sought} placeholder="Find a column by name or type" onChange={(event) => setSought(event.target.value)} className="min-h-11 w-full rounded-md border border-edge bg-surface px-3 placeholder:text-soft" />
        </div>
      )}
      {problem && <p role="alert" className="text-sm text-bad">{problem.message}</p>}
      {found === 0 && !isPending && !problem && <p role="status" className="text-soft">No column matches.</p>}
      {found === 0 && isPending && <Skeleton className="h-56" />}
      {page.length > 0 && <div ref={list}>{isTable ? (
          <div tabIndex={0} role="region" aria-label="Table of columns" className="relative overflow-x-auto">
            <table aria-label="Columns" className="figures w-full min-w-[52rem] print:min-w-0 text-sm">
              <thead>
                <tr className="border-b text-left">
                  {["Column", "Holds", "Missing", "Unique", "Spread", "Values"].map((head) => (
                    <th key={head} scope="col" className={clsx("eyebrow px-3 py-2 first:pl-0", (head === "Missing" || head === "Unique") && "text-right")}>{head}</th>
                  ))}
                </tr>
              </thead>
              <tbody className="divide-y">
                {page.map((column, index) => (
                  <tr key={index} className="align-top">
                    <th scope="row" className="max-w-56 py-1.5 pr-3 text-left font-semibold break-words">
                      <button type="button" aria-haspopup="dialog" onClick={() => open(column)} dir="auto" className="min-h-8 max-w-full text-left font-semibold break-words underline decoration-line decoration-2 underline-offset-4 hover:decoration-accent">{column.name || "(no name)"}</button>
                    </th>
                    <td className="px-3 py-2.5 text-soft"><Kind column={column} /></td>
                    <td className="px-3 py-2.5 text-right"><Missing column={column} /></td>
                    <td className="px-3 py-2.5 text-right">{formatCount(column.unique_count)}</td>
                    <td className="px-3 py-2.5"><Distribution column={column} stats={stats[column.name]} /></td>
                    <td className="max-w-80 px-3 py-2.5 break-words text-soft"><Values column={column} rows={rows} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
) : (
          <ul className="divide-y border-y">
            {listed.map((column, index) => (
              <li key={index}>
                <details className="group">
                  <summary className="flex min-h-14 items-center gap-3 py-2">
                    <span className="min-w-0 flex-1">
                      <span className="block font-semibold break-words">{column.name}</span>
                      <span className="block text-sm text-soft">{typeWords(column)}{column.missing_count > 0 && `, ${formatShare(column.missing_share)} missing`}</span>
                    </span>
                    <ChevronRight aria-hidden className="size-4 shrink-0 text-soft transition-transform group-open:rotate-90" />
                  </summary>
                  <dl className="figures grid grid-cols-[6rem_minmax(0,1fr)] gap-y-1 pb-4 text-sm">
                    <dt className="text-soft">Holds</dt><dd><Kind column={column} /></dd>
                    <dt className="text-soft">Missing</dt><dd><Missing column={column} /></dd>
                    <dt className="text-soft">Unique</dt><dd>{formatCount(column.unique_count)}</dd>
                    <dt className="text-soft">Values</dt><dd className="break-words"><Values column={column} rows={rows} /></dd>
                    <dt className="sr-only">More</dt><dd className="col-span-2 mt-2"><Button aria-haspopup="dialog" aria-label={`Look closer at ${column.name}`} onClick={() => open(column)}>Look closer</Button></dd>
                  </dl>
                </details>
              </li>
            ))}
          </ul>
      )}</div>}
      {listed.length < page.length ? (
        <Button className="mt-4" onClick={() => { goOn(); setLong(true); }}>Show {formatCount(page.length - listed.length)} more of {formatCount(found)}</Button>
      ) : found > page.length && (
        <Button className="no-print mt-4" disabled={isPending} onClick={() => { goOn(); showMore(); }}>Show {formatCount(Math.min(PAGE, found - page.length))} more of {formatCount(found)}</Button>
      )}
      <Dialog isOpen={opened !== null} onClose={() => { if (opened) leave({ column: null }); }} title={opened?.column.name ?? ""} placement="right">
        {opened && <ColumnView jobId={jobId} column={opened.column} rows={rows} stats={opened.stats} receipt={receipt} contents={contents} />}
      </Dialog>
    </>
  );
}

function Kind({ column }: { column: ColumnProfile }) {
  return (
    <>
      <span className="text-ink">{typeWords(column)}</span>
      {column.unit && column.unit !== "share" && ` (${column.unit})`}
      <span className="block text-xs">{roleWords(column)}</span>
      {column.pii && <span className="mt-0.5 inline-flex rounded-full bg-warn-wash px-2 py-0.5 text-xs font-semibold text-warn">personal: {column.pii.replaceAll("_", " ")}</span>}
      {column.confidence < 0.7 && <span className="block text-xs">unsure, {formatShare(column.confidence)}</span>}
    </>
  );
}

function Missing({ column }: { column: ColumnProfile }) {
  return (
    <>
      {column.missing_count === 0 ? <span className="text-soft">none</span> : <>{formatShare(column.missing_share)}<span className="block text-xs text-soft">{formatCounted(column.missing_count, "cell")}</span></>}
      {column.inconsistent_count > 0 && <span className="block text-xs text-bad">{formatCount(column.inconsistent_count)} unreadable</span>}
    </>
  );
}

/** The commonest values with their share, or the range, or a few of them: whichever tells most. */
function Values({ column, rows }: { column: ColumnProfile; rows: number }) {
  const isRange = column.inferred_type === "numeric" || column.inferred_type === "datetime";
  const range = isRange ? rangeOf(column) : null;
  if (range) return <>{range}</>;
  if (column.top_values.length > 0 && column.unique_count < rows) {
    return (
      <ul>
        {column.top_values.slice(0, 3).map((top, index) => <li key={index}><bdi>{cellText(top.value, column) || "(empty text)"}</bdi> <span className="whitespace-nowrap text-ink">{formatShare(top.share)}</span></li>)}
        {column.unique_count > 3 && <li>and {formatCounted(column.unique_count - Math.min(3, column.top_values.length), "more value")}</li>}
      </ul>
    );
  }
  return <>{column.sample_values.slice(0, 3).map((value) => cellText(value, column)).join(" · ")}</>;
}
