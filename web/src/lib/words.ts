/** Say columns and measures in words. The same definitions as the API's; no figure is computed here. */
import type { ColumnProfile, Fact, Filter, Measure, Scalar } from "./api/types";
import { formatCell, formatPeriod, formatScalar, type Grain } from "./format";

/** What a sentence must know of a column that it names. */
type Known = Pick<ColumnProfile, "inferred_type"> & Partial<Pick<ColumnProfile, "label" | "subtype" | "storage">>;

/** Years, codes and identifiers are names made of digits: they get no thousands mark. */
export const isCounted = (column: Known) => column.inferred_type === "numeric" && column.subtype !== "year" && column.subtype !== "code";

/** What a column's type is called on the page; the result's own words are for programs. */
export const TYPE_WORDS: Record<ColumnProfile["inferred_type"], string> = {
  numeric: "number", categorical: "category", boolean: "yes or no", datetime: "date or time", identifier: "identifier", text: "text", url: "web address", email: "e-mail", phone: "phone number",
  location: "place", list: "list", json: "JSON", constant: "one value", empty: "empty",
};

export type Columns = ReadonlyMap<string, Known>;

/** A column's name as the report says it, so that page and sentences call it alike; a column that the report does not tell, by its own name. */
export const say = (column: string, columns: Columns) => columns.get(column)?.label ?? (column.trim() || "unnamed column");

const MONTHS = "Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec";
/** Dates, and short codes that go on with a figure after a hyphen: "B-03", "2019-20". */
export const TOGETHER = new RegExp(`\\b(?:(\\d{1,2}) )?(${MONTHS}|Q[1-4]) (\\d{4})\\b|\\b\\w{1,8}(?:-\\d{1,8}){1,2}\\b`, "g");

/** What the end of a line may not tear apart: "Jan" and "2025" stay on one line, and so do "B-" and "03". */
export const keepTogether = (text: string) => text.replace(TOGETHER, (found) => found.replaceAll(" ", "\u00a0").replaceAll("-", "-\u2060"));

/** Words of Hebrew, Arabic and their kin; what stands between them but a space belongs to the sentence. */
export const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?: [\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*/g;

/** Names from right to left, so set that they do not turn the words and figures around them. */
export const setApart = (text: string) => text.replace(RIGHT_TO_LEFT, "\u2068$&\u2069");

/** A sentence as it is set: dates in one piece, names from right to left apart. */
export const typeset = (text: string) => setApart(keepTogether(text));

/** Start a phrase with a capital; words that are not lower case stay as they are. */
export const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const OF: Record<string, string> = { count: "rows", count_distinct: "distinct values of", sum: "sum of", mean: "average of", median: "median of", min: "smallest", max: "largest", std: "standard deviation of" };
export const PER: Record<Grain, string> = { minute: "per minute", hour: "per hour", day: "per day", week: "per week", month: "per month", quarter: "per quarter", year: "per year", weekday: "by weekday", hour_of_day: "by hour of the day", month_of_year: "by month of the year" };

export const sameFilter = (one: Filter, other: Filter) => JSON.stringify(one) === JSON.stringify(other);

/** Whether a measure says how often something holds among rows that hold its cases: then it lies between 0 and 1. */
export function isRate({ metric, column, column2, filters = [], baseline = [] }: Measure): boolean {
  if (metric !== "ratio" || column || column2 || filters.length === 0) return false;
  return baseline.every((base) => filters.some((one) => sameFilter(one, base) || (base.op === "not_missing" && one.column === base.column && one.op !== "is_missing")));
}

/** The unit a fact's value is shown in: a rate is a share, whatever its fact calls it. */
export const shownUnit = ({ measure, unit }: Pick<Fact, "measure" | "unit">) => (isRate(measure) ? "share" : (unit ?? null));

/** The two parts of a rate in words: "Share where returned is yes, by category" and "rows where returned is known". */
export function rateWords(measure: Measure, columns: Columns): { share: string; base: string } {
  const baseline = measure.baseline ?? [];
  const own = (measure.filters ?? []).filter((one) => !baseline.some((base) => sameFilter(one, base)));
  const by = measure.by ? `, ${byWords(measure, columns)}` : "";
  const saidFilter = (filter: Filter) => sayFilter(filter, columns);
  return { share: `Share where ${own.map(saidFilter).join(" and ")}${by}`, base: baseline.length ? `rows where ${baseline.map(saidFilter).join(" and ")}` : "all rows" };
}

/** What was computed, over which rows: "Sum of revenue per month, where region is North". */
export function sayMeasure(measure: Measure, columns: Columns): string {
  const saidFilter = (filter: Filter) => sayFilter(filter, columns);
  if (isRate(measure)) {
    const { share, base } = rateWords(measure, columns);
    return `${share}, of ${base}`;
  }
  const parts = [core(measure, columns)];
  if (measure.by && !["argmax", "argmin", "slope"].includes(measure.metric)) parts[0] += ` ${byWords(measure, columns)}`;
  if (measure.filters?.length) parts.push(`where ${measure.filters.map(saidFilter).join(" and ")}`);
  if (["difference", "change", "ratio"].includes(measure.metric) && !(measure.metric === "ratio" && measure.column2)) {
    parts.push(`against ${measure.baseline?.length ? `rows where ${measure.baseline.map(saidFilter).join(" and ")}` : "all rows"}`);
  }
  if (["share_rows", "share_sum"].includes(measure.metric) && measure.baseline?.length) parts.push(`of the rows where ${measure.baseline.map(saidFilter).join(" and ")}`);
  return capitalise(parts.join(", "));
}

const TIMES: ReadonlySet<string> = new Set(["date", "day", "week", "month", "quarter", "year", "time", "datetime", "timestamp"]);

/** What a measure is split by; a column that only says that it is a time need not be named beside its periods. */
export function byWords(measure: Measure, columns: Columns): string {
  const by = say(measure.by ?? "", columns);
  if (measure.grain) return TIMES.has(by) ? PER[measure.grain as Grain] : `${PER[measure.grain as Grain]} of ${by}`;
  return `by ${by}`;
}

/** What is measured: a column, or the time between two dates. */
export const sayQuantity = ({ column, minus }: Pick<Measure, "column" | "minus">, columns: Columns) => (minus ? `time from ${say(minus, columns)} to ${say(column ?? "", columns)}` : say(column ?? "", columns));

function core(measure: Measure, columns: Columns): string {
  const column = measure.column ? sayQuantity(measure, columns) : null;
  const other = say(measure.column2 ?? "", columns);
  const inner = `${OF[measure.of ?? "sum"] ?? "sum of"} ${column ?? "rows"}`.replace("rows rows", "rows");
  switch (measure.metric) {
    case "count": return measure.binWidth && measure.column === measure.by ? "rows" : column ? `rows with a value in ${column}` : "rows";
    case "count_distinct": return `distinct values of ${column ?? "rows"}`;
    case "missing_count": return `missing cells${column ? ` in ${column}` : ""}`;
    case "missing_share": return `share of missing cells${column ? ` in ${column}` : ""}`;
    case "duplicate_rows": return column ? `rows equal to an earlier row in all but ${column}` : "rows equal to an earlier row";
    case "mean": case "median": return `${measure.minus ? OF[measure.metric]!.replace(/ of$/, "") : OF[measure.metric]} ${column}`; // "average time from …"
    case "sum": case "std": return `${OF[measure.metric]} ${column}`;
    case "min": return `smallest ${column}`;
    case "max": return `largest ${column}`;
    case "skew": return `skewness of ${column}`;
    case "kurtosis": return `excess kurtosis of ${column}`;
    case "quantile": return `${formatScalar(measure.q ?? 0.5, "share")} quantile of ${column}`;
    case "share_rows": return "share of rows";
    case "share_sum": return `share of the sum of ${column}`;
    case "difference": return `difference in the ${inner}`;
    case "change": return measure.column2 ? `relative change of the sum of ${column} divided by the sum of ${other}` : `relative change of the ${inner}`;
    case "ratio": return measure.column2 && !column ? `rows per distinct value of ${other}`
      : measure.column2 ? `sum of ${column} divided by the sum of ${other}` : `ratio of the ${inner}`;
    case "correlation": return `Pearson’s correlation of ${column} and ${other}`;
    case "association": return `association of ${column} and ${other} (Cramér’s V)`;
    case "correlation_ratio": return `correlation ratio (η) of ${column} by ${other}`;
    case "slope": return `robust trend (Theil–Sen) of the ${inner} ${measure.by ? byWords(measure, columns) : ""}`.trim();
    case "outlier_count": return `values of ${column} far from the median`;
    case "argmax": return `${say(measure.by ?? "", columns)} with the greatest ${inner}`;
    case "argmin": return `${say(measure.by ?? "", columns)} with the least ${inner}`;
    default: return String(measure.metric).replaceAll("_", " ");
  }
}

export function sayFilter(filter: Filter, columns: Columns): string {
  const column = sayQuantity(filter, columns);
  const value = filter.value as Scalar | Scalar[] | undefined;
  const known = columns.get(filter.column);
  // A value that is picked out is a name, whatever it is made of; a limit is a number unless its column says otherwise.
  const isName = filter.op === "eq" || filter.op === "ne" || filter.op === "in" || (known && !isCounted(known));
  const one = (item: Scalar | undefined) => (typeof item === "string" ? formatPeriod(item) : typeof item === "number" && isName ? formatCell(item, { isGrouped: false }) : formatScalar(item ?? null));
  const list = (Array.isArray(value) ? value : [value]).map(one);
  switch (filter.op) {
    case "eq": return `${column} is ${list[0]}`;
    case "ne": return `${column} is not ${list[0]}`;
    case "in": return `${column} is ${list.join(" or ")}`;
    case "gt": return `${column} is above ${list[0]}`;
    case "ge": return `${column} is at least ${list[0]}`;
    case "lt": return `${column} is below ${list[0]}`;
    case "le": return `${column} is at most ${list[0]}`;
    case "between": return `${column} lies between ${list[0]} and ${list[1]}`;
    case "mentions": return `${column} mentions “${value}”`;
    case "not_mentions": return `${column} does not mention “${value}”`;
    case "is_missing": return `${column} is missing`;
    case "not_missing": return `${column} is known`;
    default: return column;
  }
}
