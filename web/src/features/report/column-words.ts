import type { ColumnProfile } from "@/lib/api/types";

/** What may be done with a column, as the end of "it …". */
export const ROLES: Record<ColumnProfile["role"], string> = { sum: "adds up", average: "is averaged", count: "is counted", never: "is not aggregated" };

/** What a column holds: "numeric, currency". */
export const typeWords = (column: ColumnProfile) =>
  column.subtype && column.subtype !== column.inferred_type ? `${column.inferred_type}, ${column.subtype.replaceAll("_", " ")}` : column.inferred_type;
