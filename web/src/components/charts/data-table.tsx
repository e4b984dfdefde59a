import type { ChartSpec } from "@/lib/api/types";
import type { Grain } from "@/lib/format";
import { formatCount } from "@/lib/format";
import { tableOf } from "./series";

type Props = { chart: ChartSpec; grain: Grain | null; labelledBy: string; onPick?: (index: number) => void; isOnPaper?: boolean };

const MOST_ON_PAPER = 30; // rows; a cloud of five hundred would fill ten pages

/** The chart's twin: the same points, to be read instead of looked at. */
export function DataTable({ chart, grain, labelledBy, onPick, isOnPaper = false }: Props) {
  const { head, rows: all } = tableOf(chart, grain);
  const rows = isOnPaper ? all.slice(0, MOST_ON_PAPER) : all;
  return (
    <div tabIndex={0} role="region" aria-labelledby={labelledBy} className="relative max-h-80 overflow-auto rounded-md border">
      <table aria-labelledby={labelledBy} className="figures w-full text-sm">
        <thead className="sticky top-0 bg-sunken">
          <tr>
            {head.map((name, index) => (
              <th key={index} scope="col" className={`px-3 py-2 font-semibold ${index === head.length - 1 ? "text-right" : "text-left"}`}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, index) => (
                <td key={index} className={`px-3 py-1.5 break-words ${index === cells.length - 1 ? "text-right" : ""}`}>
                  {index === 0 && onPick ? <button type="button" onClick={() => onPick(row)} className="min-h-6 text-left underline decoration-line underline-offset-4 hover:decoration-ink">{cell}</button> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < all.length && <p className="border-t px-3 py-1.5 text-sm text-soft">And {formatCount(all.length - rows.length)} more, on the page.</p>}
    </div>
  );
}
