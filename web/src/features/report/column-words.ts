import type { ColumnProfile, Scalar } from "@/lib/api/types";
import { formatCell, formatCount, formatCounted, formatScalar, formatShare } from "@/lib/format";

/** What may be done with a column, as the end of "it …". */
export const ROLES: Record<ColumnProfile["role"], string> = { sum: "adds up", average: "is averaged", count: "is counted", never: "is not aggregated" };

/** What a column holds: "numeric, currency". */
export const typeWords = (column: ColumnProfile) =>
  column.subtype && column.subtype !== column.inferred_type ? `${column.inferred_type}, ${column.subtype.replaceAll("_", " ")}` : column.inferred_type;

/** Whether the column's numbers count or measure something, and are written in groups of three digits: years and codes are not. */
export const isCounted = (column: ColumnProfile) => column.inferred_type === "numeric" && column.subtype !== "year" && column.subtype !== "code";

/** One value of the column in words, with its unit. */
export const valueWords = (value: Scalar | undefined, column: ColumnProfile) =>
  typeof value === "number" && Number.isInteger(value) && !isCounted(column) ? formatCell(value, { isGrouped: false }) : formatScalar(value, column.unit);

type Rhythm = NonNullable<ColumnProfile["rhythm"]>;

/** How a date column's moments follow each other, as names and figures: the usual step, and where moments are missing. */
export function rhythmLines({ every, unit, regularity, gaps, gap_from, gap_to }: Rhythm): [string, string][] {
  const step = `${formatCounted(every, unit)}, ${regularity === 1 ? "every time" : `${formatShare(regularity)} of the time`}`;
  const between = `${formatScalar(gap_from)} to ${formatScalar(gap_to)}`;
  if (gaps === null) return [["Usual step", `none; the commonest, ${step}`], ["Longest step", between]];
  return [
    [unit === "weekday" ? "Usual step, weekends left out" : "Usual step", step],
    ["Gaps", gaps === 0 ? "none" : formatCount(gaps)],
    ...(gaps > 0 ? ([["Longest gap", between]] as [string, string][]) : []),
  ];
}
