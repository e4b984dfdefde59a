import type { ColumnProfile, Scalar } from "@/lib/api/types";
import { formatCell, formatCount, formatCounted, formatDate, formatScalar, formatShare } from "@/lib/format";
import { isCounted, TYPE_WORDS } from "@/lib/words";

/** What may be done with a column, as the end of "it …". */
const ROLES: Record<ColumnProfile["role"], string> = { sum: "adds up", average: "is averaged", count: "is counted", never: "is neither added up nor averaged" };

const NOT_ADDED = new Set<ColumnProfile["inferred_type"]>(["numeric", "identifier"]); // of texts and dates it goes without saying

/** What may be done with a column, where that is worth saying. */
export const roleWords = ({ role, inferred_type }: Pick<ColumnProfile, "role" | "inferred_type">) => (role === "never" && !NOT_ADDED.has(inferred_type) ? null : ROLES[role]);

/** What a column holds: "number, currency"; of moments whether they are dates, times or both. */
export function typeWords({ inferred_type, subtype, storage }: Pick<ColumnProfile, "inferred_type"> & Partial<Pick<ColumnProfile, "subtype" | "storage">>): string {
  const clock: Partial<Record<string, string>> = { DATE: "date", TIME: "time", TIMESTAMP: "date and time" };
  if (inferred_type === "datetime") return clock[storage ?? ""] ?? TYPE_WORDS.datetime;
  return subtype && subtype !== inferred_type ? `${TYPE_WORDS[inferred_type]}, ${subtype.replaceAll("_", " ")}` : TYPE_WORDS[inferred_type];
}

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

/** A cell as its column reads: dates as dates, figures in full, years and codes without a thousands mark; "" where nothing is. */
export function cellText(value: Scalar, column: ColumnProfile | undefined, decimals?: number): string {
  if (typeof value === "string" && column?.inferred_type === "datetime") return formatDate(value);
  return formatCell(value, { isGrouped: column === undefined || isCounted(column), decimals });
}

/** The least and the greatest value in words, the one value in full; null where the column has none. */
export function rangeOf(column: ColumnProfile): string | null {
  const { minimum, maximum } = column;
  if (minimum == null || maximum == null) return null;
  if (minimum === maximum) return column.unit ? valueWords(minimum, column) : cellText(minimum, column);
  return `${valueWords(minimum, column)} to ${valueWords(maximum, column)}`;
}
