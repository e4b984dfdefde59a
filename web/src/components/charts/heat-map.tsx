import type { ChartSpec, Scalar } from "@/lib/api/types";
import { formatScalar } from "@/lib/format";
import { useWidth } from "@/lib/use-media";
import { widthOf } from "./ruler";

const MANY_COLUMNS = 12; // from here on the figures would not fit their cells

const NAME_REM = 6.5;
const PHONE_NAME_REM = 5;
const CELL_REM = 2.4; // the width of "−0.97"; narrower maps fill their card, wider ones scroll
const ROOM_REM = 18; // for the cells of a row, where a card is narrow; a phone's scrolls
const FONT_PX = 12;
const PADDING_PX = 6;

type Props = { chart: ChartSpec; labelledBy: string };

/** A heat map as a real table: colour helps the eye, the figure in each cell is what counts. */
export function HeatMap({ chart, labelledBy }: Props) {
  const isPhone = useWidth() === "phone";
  const nameRem = isPhone ? PHONE_NAME_REM : NAME_REM;
  const across = distinct(chart.data.map((record) => record[chart.xKey] ?? null));
  const rows = distinct(chart.data.map((record) => record[chart.yKey] ?? null));
  // A map of columns against themselves reads best with one order both ways.
  const down = rows.length === across.length && rows.every((row) => across.includes(row)) ? across : rows;
  const valueKey = chart.valueKey ?? "value";
  const cells = new Map(chart.data.map((record) => [key(record[chart.xKey] ?? null, record[chart.yKey] ?? null), record[valueKey]]));
  const sizes = [...cells.values()].map((value) => (typeof value === "number" ? Math.abs(value) : 0));
  const isCorrelation = chart.unit == null && Math.max(...sizes, 0) <= 1;
  const names = across.map((x) => formatScalar(x));
  const longest = Math.max(...names.flatMap((name) => name.split(/\s+/)).map((word) => widthOf(word, FONT_PX)), 0);
  const cell = 16 * (isPhone ? CELL_REM : Math.max(CELL_REM, ROOM_REM / across.length)) - PADDING_PX;
  const isUpright = longest > cell; // a word broken in three is no word
  const top = isCorrelation ? 1 : Math.max(...sizes, Number.MIN_VALUE);

  return (
    <div tabIndex={0} role="region" aria-labelledby={labelledBy} className="relative overflow-x-auto">
      <table aria-labelledby={labelledBy} className="figures w-full table-fixed border-separate border-spacing-0.5 text-xs" style={{ minWidth: `${nameRem + across.length * CELL_REM}rem` }}>
        <thead>
          <tr>
            <td style={{ width: `${nameRem}rem` }} />
            {across.map((x, index) => (
              <th key={String(x)} scope="col" className="px-0.5 pb-1 text-center align-bottom leading-tight font-medium [overflow-wrap:anywhere] text-soft">
                {isUpright ? <span className="inline-block max-h-28 rotate-180 text-left [writing-mode:vertical-rl]">{names[index]}</span> : names[index]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {down.map((y) => (
            <tr key={String(y)}>
              <th scope="row" className="pr-2 text-left leading-tight font-medium [overflow-wrap:anywhere] text-soft">{formatScalar(y)}</th>
              {across.map((x) => {
                const value = cells.get(key(x, y));
                const share = typeof value === "number" ? Math.min(1, Math.abs(value) / top) : 0;
                return (
                  <td key={String(x)} className="h-9 rounded-sm text-center text-ink" style={{ backgroundColor: tint(typeof value === "number" && value < 0, share) }}>
                    {across.length <= MANY_COLUMNS || share > 0.5 ? figure(value, isCorrelation, chart.unit) : <span className="sr-only">{figure(value, isCorrelation, chart.unit)}</span>}
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

const distinct = (values: Scalar[]) => [...new Set(values)];
const key = (x: Scalar, y: Scalar) => JSON.stringify([x, y]);
const tint = (isNegative: boolean, share: number) => `color-mix(in oklab, var(--heat-mid), var(--heat-${isNegative ? "low" : "high"}) ${Math.round(share * 100)}%)`;

function figure(value: Scalar | undefined, isCorrelation: boolean, unit: string | null | undefined): string {
  if (typeof value !== "number") return "–";
  return isCorrelation ? value.toFixed(2).replace(/^-(0\.00)$/, "$1").replace("-", "−") : formatScalar(value, unit);
}
