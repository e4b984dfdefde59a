/** Columns as a report tells them: in full, or of a very wide table by type and counts alone. */
import type { ColumnProfile, Report, ToldColumn } from "@/lib/api/types";

/** Whether all that is known of some column stands elsewhere than in the report. */
export const isTooWide = ({ columnsTold }: Report) => columnsTold != null && columnsTold.inBrief + columnsTold.leftOut > 0;

/** The columns of a report with nothing in place of what it does not tell of them. */
export const columnsOf = (report: Report): ColumnProfile[] => report.schema.map((column) => (isInFull(column) ? column : filled(column, report.fileInfo.rows)));

/** The columns that the first rows hold: of a very wide table not all. */
export function previewedColumns(columns: ColumnProfile[], { cleanedPreview: [first] }: Report): ColumnProfile[] {
  return first ? columns.filter((column) => column.name in first) : columns;
}

const isInFull = (column: ToldColumn): column is ColumnProfile => "sample_values" in column;

function filled(column: Exclude<ToldColumn, ColumnProfile>, rows: number): ColumnProfile {
  return {
    label: null, subtype: null, pii: null, unit: null, ml_type: "not-generalizable", confidence: 1, reasons: [],
    storage: column.inferred_type === "numeric" ? "DOUBLE" : "VARCHAR",
    missing_share: rows > 0 ? column.missing_count / rows : 0, inconsistent_count: 0, bounds: 0,
    sample_values: [], top_values: [], minimum: null, maximum: null, min_length: null, max_length: null, mean_length: null, rhythm: null, min_words: null, max_words: null, mean_words: null, patterns: [],
    ...column,
  };
}
