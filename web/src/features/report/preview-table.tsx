import clsx from "clsx";
import type { ColumnProfile, Row } from "@/lib/api/types";
import { formatCount } from "@/lib/format";
import { typeWords } from "./column-words";
import { isFigure, isOneLine, lettersOf } from "./preview-bands";

type Props = { columns: readonly ColumnProfile[]; rows: readonly Row[]; text: (row: Row, column: ColumnProfile) => string; className?: string };

/** Some columns of the first rows, below a header and beside row numbers that stay in sight. */
export function PreviewTable({ columns, rows, text, className }: Props) {
  return (
    <div tabIndex={0} role="region" aria-label="First rows of the table" className={clsx("relative max-h-[34rem] overflow-auto rounded-lg border bg-surface", className)}>
      <table aria-label="First rows" className="figures w-full border-separate border-spacing-0 text-sm print:text-[0.72rem]">
        <thead>
          <tr>
            <th scope="col" className="sticky top-0 left-0 z-[2] border-r border-b bg-sunken px-3 py-2 text-right font-normal text-soft print:px-1.5">Row</th>
            {columns.map((column, index) => (
              <th key={index} scope="col" style={{ minWidth: `${lettersOf(column, rows.map((row) => text(row, column)))}ch` }} className={clsx("sticky top-0 max-w-64 border-b bg-sunken px-3 py-2 align-bottom font-semibold print:px-1.5", isFigure(column) ? "text-right" : "text-left")}>
                <span className="line-clamp-2 break-words">{column.name}</span>
                <span className="block text-xs font-normal text-soft print:text-[0.65rem]">{typeWords(column)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} className="hover:bg-sunken/60">
              <th scope="row" className="sticky left-0 border-r border-b bg-surface px-3 py-1.5 text-right font-normal text-soft print:px-1.5 print:py-1">{formatCount(index + 1)}</th>
              {columns.map((column, at) => {
                const cell = text(row, column);
                return (
                  <td key={at} className={clsx("max-w-64 border-b px-3 py-1.5 print:px-1.5 print:py-1", isFigure(column) ? "text-right" : "text-left", isOneLine(column, cell) && "whitespace-nowrap")}>
                    {cell === "" ? <span className="text-soft">–<span className="sr-only">missing</span></span> : <span className="line-clamp-2 break-words">{cell}</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
