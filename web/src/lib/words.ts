/** Say columns and measures in words. The same definitions as the API's; no figure is computed here. */
import type { ColumnProfile, Fact, Filter, Measure, Scalar } from "./api/types";
import { formatCell, formatPeriod, formatScalar, type Grain } from "./format";

/** Years, codes and identifiers are names made of digits: they get no thousands mark. */
export const isCounted = (column: Pick<ColumnProfile, "inferred_type" | "subtype">) => column.inferred_type === "numeric" && column.subtype !== "year" && column.subtype !== "code";

/** What is known of the columns that a sentence names. */
type Columns = ReadonlyMap<string, ColumnProfile>;

const ACRONYMS = new Set(["id", "url", "ip", "api", "sku", "vat", "kpi", "gdp", "iban", "ssn", "ean", "isbn", "uk", "eu", "usa", "hr"]);

/** A column's name as a reader would say it: `unit_price` is "unit price". Never invents a word. */
export function say(column: string): string {
  const name = column.trim();
  if (name === "") return "unnamed column";
  if (/\s/.test(name) || !/^[\p{L}][\p{L}\p{N}]*(?:[._-][\p{L}\p{N}]+)*$/u.test(name)) return name.replaceAll("_", " ");
  return name
    .split(/[._]|(?<=[a-z\d])(?=[A-Z])/)
    .filter(Boolean)
    .map((word) => {
      if (ACRONYMS.has(word.toLowerCase())) return word.toUpperCase();
      return /^[A-Z]{1,3}$/.test(word) ? word : word.toLowerCase();
    })
    .join(" ");
}

const MONTHS = "Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec";
export const DATES = new RegExp(`\\b(?:(\\d{1,2}) )?(${MONTHS}|Q[1-4]) (\\d{4})\\b`, "g");

/** A date that the end of a line may not tear apart: "Jan" and "2025" stay on one line. */
export const keepTogether = (text: string) => text.replace(DATES, (found) => found.replaceAll(" ", "\u00a0"));

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
export function rateWords(measure: Measure, saidFilter: (filter: Filter) => string): { share: string; base: string } {
  const baseline = measure.baseline ?? [];
  const own = (measure.filters ?? []).filter((one) => !baseline.some((base) => sameFilter(one, base)));
  const by = measure.by ? `, ${byWords(measure)}` : "";
  return { share: `Share where ${own.map(saidFilter).join(" and ")}${by}`, base: baseline.length ? `rows where ${baseline.map(saidFilter).join(" and ")}` : "all rows" };
}

/** What was computed, over which rows: "Sum of revenue per month, where region is North". */
export function sayMeasure(measure: Measure, columns?: Columns): string {
  const saidFilter = (filter: Filter) => sayFilter(filter, columns);
  if (isRate(measure)) {
    const { share, base } = rateWords(measure, saidFilter);
    return `${share}, of ${base}`;
  }
  const parts = [core(measure)];
  if (measure.by && !["argmax", "argmin", "slope"].includes(measure.metric)) parts[0] += ` ${byWords(measure)}`;
  if (measure.filters?.length) parts.push(`where ${measure.filters.map(saidFilter).join(" and ")}`);
  if (["difference", "change", "ratio"].includes(measure.metric) && !measure.column2) {
    parts.push(`against ${measure.baseline?.length ? `rows where ${measure.baseline.map(saidFilter).join(" and ")}` : "all rows"}`);
  }
  if (["share_rows", "share_sum"].includes(measure.metric) && measure.baseline?.length) parts.push(`of the rows where ${measure.baseline.map(saidFilter).join(" and ")}`);
  return capitalise(parts.join(", "));
}

function byWords(measure: Measure): string {
  const by = say(measure.by ?? "");
  if (measure.grain) return by === measure.grain ? PER[by as Grain] : `${PER[measure.grain as Grain]} of ${by}`;
  return `by ${by}`;
}

/** What is measured: a column, or the time between two dates. */
export const sayQuantity = ({ column, minus }: Measure) => (minus ? `time from ${say(minus)} to ${say(column ?? "")}` : say(column ?? ""));

function core(measure: Measure): string {
  const column = measure.column ? sayQuantity(measure) : null;
  const inner = `${OF[measure.of ?? "sum"] ?? "sum of"} ${column ?? "rows"}`.replace("rows rows", "rows");
  switch (measure.metric) {
    case "count": return measure.binWidth && measure.column === measure.by ? "rows" : column ? `rows with a value in ${column}` : "rows";
    case "count_distinct": return `distinct values of ${column ?? "rows"}`;
    case "missing_count": return `missing cells${column ? ` in ${column}` : ""}`;
    case "missing_share": return `share of missing cells${column ? ` in ${column}` : ""}`;
    case "duplicate_rows": return "rows equal to an earlier row";
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
    case "change": return `relative change of the ${inner}`;
    case "ratio": return measure.column2 && !column ? `rows per distinct value of ${say(measure.column2)}`
      : measure.column2 ? `sum of ${column} divided by the sum of ${say(measure.column2)}` : `ratio of the ${inner}`;
    case "correlation": return `Pearson’s correlation of ${column} and ${say(measure.column2 ?? "")}`;
    case "association": return `association of ${column} and ${say(measure.column2 ?? "")} (Cramér’s V)`;
    case "correlation_ratio": return `correlation ratio (η) of ${column} by ${say(measure.column2 ?? "")}`;
    case "slope": return `robust trend (Theil–Sen) of the ${inner} ${measure.by ? byWords(measure) : ""}`.trim();
    case "outlier_count": return `values of ${column} far from the median`;
    case "argmax": return `${say(measure.by ?? "")} with the greatest ${inner}`;
    case "argmin": return `${say(measure.by ?? "")} with the least ${inner}`;
    default: return String(measure.metric).replaceAll("_", " ");
  }
}

export function sayFilter(filter: Filter, columns?: Columns): string {
  const column = filter.minus ? `time from ${say(filter.minus)} to ${say(filter.column)}` : say(filter.column);
  const value = filter.value as Scalar | Scalar[] | undefined;
  const known = columns?.get(filter.column);
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
    case "is_missing": return `${column} is missing`;
    case "not_missing": return `${column} is known`;
    default: return column;
  }
}
