"use client";
import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import type { ColumnProfile, Row, Scalar } from "@/lib/api/types";
import { formatCount } from "@/lib/format";
import { maskCell } from "@/lib/masking";
import { useMedia, usePaper } from "@/lib/use-media";
import { cellText } from "./column-words";
import { bandsOf, lettersOf } from "./preview-bands";
import { PreviewTable } from "./preview-table";

const COLUMNS_AT_ONCE = 30; // 50 rows of these keep the page light; wider tables are leafed through
const CARDS_AT_ONCE = 10;

type Props = { rows: readonly Row[]; columns: readonly ColumnProfile[] };

/** The first rows, as a table with a fixed header or as cards on a phone. Cells are only ever text. */
export function Preview({ rows, columns }: Props) {
  const [isMasked, setMasked] = useState(false);
  const [from, setFrom] = useState(0);
  const [cards, setCards] = useState(CARDS_AT_ONCE);
  const isPaper = usePaper();
  const isTable = useMedia("(min-width: 768px)") || isPaper;
  const id = useId();
  const hasPersonal = columns.some((column) => column.pii);
  const shown = columns.slice(from, from + COLUMNS_AT_ONCE);
  const decimals = useMemo(() => new Map(columns.filter((column) => column.storage === "DOUBLE").map((column) => [column.name, decimalsOf(rows, column.name)])), [rows, columns]);
  const text = (row: Row, column: ColumnProfile) => shownText(row[column.name] ?? null, column, isMasked, decimals.get(column.name));
  const bands = isPaper ? bandsOf(shown, (column) => lettersOf(column, rows.map((row) => text(row, column)))) : [shown]; // paper cannot be scrolled

  if (rows.length === 0) return <p className="text-soft">The table has a header and no rows.</p>;
  return (
    <>
      <div className="no-print mb-3 flex flex-wrap items-center gap-x-6 gap-y-2">
        {hasPersonal && (
          <label htmlFor={id} className="inline-flex min-h-11 items-center gap-3 text-sm">
            <input id={id} type="checkbox" role="switch" checked={isMasked} onChange={(event) => setMasked(event.target.checked)} className="peer sr-only" />
            <span aria-hidden className="relative h-6 w-10 rounded-full bg-edge transition-colors peer-checked:bg-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent after:absolute after:top-1 after:left-1 after:size-4 after:rounded-full after:bg-surface after:transition-[translate] peer-checked:after:translate-x-4" />
            Mask personal columns
          </label>
        )}
        {columns.length > COLUMNS_AT_ONCE && (
          <div className="flex items-center gap-2 text-sm">
            <Button disabled={from === 0} onClick={() => setFrom(Math.max(0, from - COLUMNS_AT_ONCE))}>Earlier<span className="max-sm:sr-only"> columns</span></Button>
            <span className="figures">{formatCount(from + 1)} to {formatCount(Math.min(from + COLUMNS_AT_ONCE, columns.length))} of {formatCount(columns.length)}</span>
            <Button disabled={from + COLUMNS_AT_ONCE >= columns.length} onClick={() => setFrom(from + COLUMNS_AT_ONCE)}>Later<span className="max-sm:sr-only"> columns</span></Button>
          </div>
        )}
      </div>

      {isPaper && columns.length > shown.length && <p className="mb-3 text-sm text-soft">Printed: {formatCount(from + 1)} to {formatCount(from + shown.length)} of {formatCount(columns.length)} columns. The others are on the page.</p>}
      {isTable ? (
        bands.map((band, index) => <PreviewTable key={index} columns={band} rows={rows} text={text} className={clsx(index > 0 && "mt-6")} />)
      ) : (
      <>
      <ul className="space-y-2">
        {rows.slice(0, cards).map((row, index) => (
          <li key={index} className="rounded-lg border bg-surface">
            <details className="group">
              <summary className="flex min-h-14 items-center gap-3 px-4 py-2">
                <span className="figures min-w-6 shrink-0 text-sm text-soft">{formatCount(index + 1)}</span>
                <span className="line-clamp-2 min-w-0 flex-1 break-words">{shown.slice(0, 3).map((column) => text(row, column)).filter(Boolean).join(" · ") || "(empty row)"}</span>
                <ChevronRight aria-hidden className="size-4 shrink-0 text-soft transition-transform group-open:rotate-90" />
              </summary>
              <dl className="figures grid grid-cols-[minmax(6rem,2fr)_minmax(0,3fr)] gap-x-3 gap-y-1.5 border-t px-4 py-3 text-sm">
                {shown.map((column, at) => (
                  <div key={at} className="contents">
                    <dt className="break-words text-soft">{column.name}</dt>
                    <dd className="break-words">{text(row, column) || <span className="text-soft">missing</span>}</dd>
                  </div>
                ))}
              </dl>
            </details>
          </li>
        ))}
      </ul>
      {rows.length > cards && <Button className="mt-3 w-full" onClick={() => setCards(rows.length)}>Show all {formatCount(rows.length)} rows</Button>}
      </>
      )}
    </>
  );
}

const MOST_DECIMALS = 4; // figures of one column line up at their decimal mark unless that takes more digits than this

/** How many decimals show every figure of the column in full; undefined where that would be too many. */
function decimalsOf(rows: readonly Row[], name: string): number | undefined {
  let most = 0;
  for (const row of rows) {
    const value = row[name];
    if (typeof value !== "number") continue;
    const decimals = /e/.test(String(value)) ? MOST_DECIMALS + 1 : (String(value).split(".")[1]?.length ?? 0);
    if (decimals > MOST_DECIMALS) return undefined;
    most = Math.max(most, decimals);
  }
  return most;
}

function shownText(value: Scalar, column: ColumnProfile, isMasked: boolean, decimals: number | undefined): string {
  return cellText(isMasked && column.pii ? maskCell(value, column.pii) : value, column, decimals);
}
