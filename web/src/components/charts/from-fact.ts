/** Charts made of facts on the reader's side: the same chart over a part of the rows, and a column's own spread. */
import type { ChartSpec, Fact, Filter, KeyedValue, Measure, Scalar } from "@/lib/api/types";
import { formatCount, formatCounted, formatPeriod, formatScalar, type Grain } from "@/lib/format";
import { byWords, capitalise, isRate, PER, rateWords, say, sayFilter, sayMeasure, sayQuantity, shownUnit, type Columns } from "@/lib/words";
import { drawnFact } from "./series";

const entriesOf = (fact: Fact): KeyedValue[] => (Array.isArray(fact.value) ? fact.value : []);

function wordsOf(entry: KeyedValue, grain: Grain | null): string {
  if (entry.other) return `Other (${formatCount(entry.other)} values)`;
  return entry.key === null ? "no value" : entry.key === "" ? "(blank)" : typeof entry.key === "boolean" ? formatScalar(entry.key) : formatPeriod(entry.key, grain);
}

/** What a chart shows, for someone who cannot see it: its ends and its extremes. */
function altOf(kind: string, title: string, points: { label: string; y: number | null }[], unit: string | null): string {
  const known = points.filter((point): point is { label: string; y: number } => point.y !== null);
  if (known.length === 0) return `${kind} of ${title}: nothing to draw.`;
  const low = known.reduce((least, point) => (point.y < least.y ? point : least));
  const high = known.reduce((most, point) => (point.y > most.y ? point : most));
  return `${kind} of ${title}, ${formatCounted(known.length, "point")}: highest ${formatScalar(high.y, unit)} (${high.label}), lowest ${formatScalar(low.y, unit)} (${low.label}).`;
}

/** The same chart drawn from another fact of the same kind; its title claims nothing, since the finding was of all rows. */
export function redrawn(chart: ChartSpec, fact: Fact, subtitle: string, columns: Columns): ChartSpec {
  const grain = (fact.measure.grain ?? null) as Grain | null;
  const entries = entriesOf(fact);
  const title = sayMeasure({ ...fact.measure, filters: [] }, columns);
  const found = new Map(entries.map((entry) => [String(entry.key), entry.value]));
  const none = fact.measure.metric === "count" ? 0 : null;
  const isByName = chart.type === "bar" && !grain;
  // A closed bin holds the values at its upper edge too, which the fact counts apart.
  const rowsOfBoth = (record: Record<string, Scalar>) => Number(found.get(String(record[chart.xKey])) ?? 0) + Number(found.get(String(record.to)) ?? 0);
  const order = chart.order ? placesBy(chart.data.map((record) => record[chart.xKey] ?? null), entries) : null;
  const shown = order?.map((place) => entries[place]!) ?? entries;
  const data = isByName
    ? shown.map((entry) => ({ [chart.xKey]: wordsOf(entry, grain), [chart.yKey]: entry.value }))
    : chart.data.map((record) => ({ ...record, [chart.yKey]: record.closed ? rowsOfBoth(record) : (found.get(String(record[chart.xKey])) ?? none) }));
  const points = data.map((record) => {
    const y = record[chart.yKey];
    return { label: isByName ? String(record[chart.xKey]) : formatPeriod(record[chart.xKey] ?? null, grain), y: typeof y === "number" ? y : null };
  });
  return { ...chart, title, titleTemplate: "", subtitle, alt: altOf("Chart", title, points, chart.unit ?? null), data, order, pointsShown: data.length, pointsTotal: fact.n, factIds: [fact.id], note: null };
}

/** The places of a fact's entries in the order of these names, others last; null without names, or where a rest is folded. */
function placesBy(names: readonly Scalar[] | undefined, entries: KeyedValue[]): number[] | null {
  if (!names || entries.some((entry) => entry.other)) return null;
  const at = new Map(names.map((name, place) => [name, place]));
  const placeOf = (entry: KeyedValue) => at.get(wordsOf(entry, null)) ?? at.size;
  return entries.map((_, place) => place).sort((one, other) => placeOf(entries[one]!) - placeOf(entries[other]!));
}

/** The names of each category with an order of its own, in that order. */
export type Orders = ReadonlyMap<string, readonly Scalar[]>;

/** The orders that a report's charts tell: any other drawing of such a category stands in the same one. */
export function ordersOf(charts: readonly ChartSpec[], facts: ReadonlyMap<string, Fact>): Orders {
  const told = charts.filter((chart) => chart.order).map((chart): [string, Scalar[]] => [drawnFact(chart, facts)?.measure.by ?? "", chart.data.map((record) => record?.[chart.xKey] ?? null)]);
  return new Map(told);
}

const FEWEST_ENTRIES = 3; // of a line; two bars can be compared
const MOST_BARS = 12;

/** How a finding tells a fact: what it calls the quantity, and the unit that it gives it. */
export type Told = { name?: string; unit?: string };

/** What a finding rests on as a chart of its own; null where the fact has too few entries, or too many names for bars. `orders` has the names of the categories with an order of their own. */
export function chartOfFact(fact: Fact, columns: Columns, orders?: Orders, told: Told = {}): ChartSpec | null {
  const { measure } = fact;
  const saidFilter = (filter: Filter) => sayFilter(filter, columns);
  const rate = isRate(measure) ? rateWords(measure, columns) : null; // how often something holds, group by group
  const unit = told.unit ?? shownUnit(fact);
  const grain = (measure.grain ?? null) as Grain | null;
  const isTime = grain !== null && !CYCLES.has(grain);
  const all = entriesOf(fact).filter((entry) => entry.key !== null || !isTime);
  const order = grain ? null : placesBy(orders?.get(measure.by ?? ""), all);
  const entries = order?.map((place) => all[place]!) ?? all;
  const known = entries.filter((entry) => typeof entry.value === "number");
  // The hours of a day are as many as they are, and stand upright as periods do.
  if (!measure.by || known.length < (isTime ? FEWEST_ENTRIES : 2) || (!grain && entries.length > MOST_BARS)) return null;
  const said = sayMeasure({ ...measure, filters: [] }, columns);
  const title = rate?.share ?? (told.name ? capitalise(`${told.name} ${byWords(measure, columns)}`) : said);
  const scope = measure.filters?.length ? `${measure.filters.map(saidFilter).join(", ")}, ` : "over ";
  const data = entries.map((entry) => ({ x: grain ? entry.key : wordsOf(entry, grain), y: entry.value }));
  const points = entries.map((entry) => ({ label: wordsOf(entry, grain), y: typeof entry.value === "number" ? entry.value : null }));
  const name = told.name ?? (rate ? "share" : measure.column ? sayQuantity(measure, columns) : "rows");
  return {
    id: `own_${fact.id}`, type: isTime ? "line" : "bar", title, titleTemplate: "", subtitle: rate ? `Of ${rate.base}` : capitalise(`${told.name ? `${said}, ` : ""}${scope}${formatCounted(fact.n, "row")}${measure.minus && unit ? `, in ${unit}` : ""}`),
    alt: altOf(isTime ? "Line" : "Bars", title, points, unit), xKey: "x", yKey: "y", valueKey: null, xLabel: say(measure.by, columns), yLabel: capitalise(unit && !rate && measure.minus ? `${name} (${unit})` : name), unit,
    // A rate's fact counts its cases, not the rows that it is a share of: the subtitle says which these are.
    data, pointsShown: data.length, pointsTotal: rate ? data.length : fact.n, partialLast: false, note: null, factIds: [fact.id], order, xUnit: null, sample: null,
  };
}

const CYCLES: ReadonlySet<string> = new Set(["weekday", "hour_of_day", "month_of_year"]);

const BINS = 16;
const NICE = [1, 2, 2.5, 5, 10];

/** A round width that cuts a span into about sixteen bins; whole numbers get whole bins. */
export function binWidth(low: number, high: number, isWhole: boolean): number | null {
  const rough = (high - low) / BINS;
  if (!(rough > 0) || !Number.isFinite(rough)) return null;
  const power = 10 ** Math.floor(Math.log10(rough));
  const width = NICE.map((step) => step * power).find((step) => step >= rough) ?? 10 * power;
  return isWhole ? Math.max(1, Math.round(width)) : width;
}

/** A column's own spread: rows per bin, or rows per value with the rest folded. */
export function spreadMeasure(column: string, width: number | null, limit: number): Measure {
  return width === null ? { metric: "count", by: column, limit, filters: [], baseline: [] } : { metric: "count", column, by: column, binWidth: width, filters: [{ column, op: "not_missing" }], baseline: [] };
}

type Spread = { isWhole?: boolean; most?: number | null; names?: readonly Scalar[] };

/** A column's spread as a chart; `name` is how it is said, `width` is that of its bins, null for bars by value. Bins are of whole numbers or not, up to `most`; bars stand in the order of `names` where there is one. */
export function spreadChart(fact: Fact, name: string, width: number | null, unit: string | null, { isWhole = false, most = null, names }: Spread = {}): ChartSpec {
  const order = width === null ? placesBy(names, entriesOf(fact)) : null;
  const entries = order?.map((place) => entriesOf(fact)[place]!) ?? entriesOf(fact);
  const data =
    width === null
      ? entries.map((entry) => ({ x: wordsOf(entry, null), y: entry.value }))
      : binsOf(filled(entries, width), width, { isWhole, most });
  const points = data.map((record) => ({ label: String(record.x), y: typeof record.y === "number" ? record.y : null }));
  const drawn = width === null ? fact.n : points.reduce((sum, point) => sum + (point.y ?? 0), 0);
  const per = width === null || (isWhole && width === 1) ? "value" : "bin";
  const title = width === null ? `Values of ${name}` : `How ${name} is spread`;
  return {
    id: `spread_${fact.id}`, type: width === null ? "bar" : "histogram", title, titleTemplate: "", subtitle: `Rows per ${per}, ${formatCounted(fact.n, "row")} in all`,
    alt: altOf(width === null ? "Bars" : "Histogram", title, points, "rows"), xKey: "x", yKey: "y", valueKey: null, xLabel: unit ? `${name} (${unit})` : name, yLabel: "Rows", unit: "rows",
    data, pointsShown: data.length, pointsTotal: fact.n, partialLast: false, note: drawn < fact.n ? `Drawn are ${formatCount(drawn)} of ${formatCount(fact.n)} values; the others lie far outside.` : null, factIds: [fact.id], order, xUnit: null, sample: null,
  };
}

const WIDE_ENOUGH = 5; // from here on one more whole number makes no bin look fuller than the others

/** The records of bins. One whole number is its own bin; the last bin holds its upper edge where no value is beyond it. */
function binsOf(bins: [number, number][], width: number, { isWhole, most }: { isWhole: boolean; most: number | null }): Record<string, Scalar>[] {
  const records: Record<string, Scalar>[] = bins.map(([from, rows]) => ({ x: from, ...(isWhole && width === 1 ? {} : { to: from + width }), y: rows }));
  const [edge, rest] = bins.at(-1) ?? [null, 0];
  const isOpen = isWhole && width < WIDE_ENOUGH;
  if (records.length < 2 || isOpen || most === null || edge !== most || bins.at(-2)![0] + width !== edge) return records;
  const last = records.at(-2)!;
  return [...records.slice(0, -2), { ...last, y: Number(last.y) + rest, closed: true }];
}

const FAR_SHARE = 0.01; // of the rows, at either end
const MANY_BINS = 3 * BINS; // with more of them a tail squeezes what is worth seeing
const MOST_BINS = 200; // a few far values would otherwise ask for millions of empty bins

/** Every bin from the first to the last, empty ones too: a histogram without its gaps would lie. Long tails are left out. */
function filled(entries: KeyedValue[], width: number): [number, number][] {
  const all = entries.filter((entry) => typeof entry.key === "number").map((entry): [number, number] => [Math.round((entry.key as number) / width), Number(entry.value)]);
  const bins = withoutTails(all.sort(([a], [b]) => a - b));
  const [first, last] = [bins[0]?.[0], bins.at(-1)?.[0]];
  if (first === undefined || last === undefined) return [];
  if (last - first > MOST_BINS) return bins.map(([place, rows]) => [place * width, rows]);
  const found = new Map(bins);
  return Array.from({ length: last - first + 1 }, (_, index) => [(first + index) * width, found.get(first + index) ?? 0]);
}

/** The bins, from the lowest, that hold at least 98 % of the rows; all of them where they are not very many. */
function withoutTails(bins: [number, number][]): [number, number][] {
  if (bins.length === 0 || bins.at(-1)![0] - bins[0]![0] < MANY_BINS) return bins;
  const most = FAR_SHARE * bins.reduce((sum, [, rows]) => sum + rows, 0);
  const few = (from: [number, number][]) => {
    let passed = 0;
    return from.findIndex(([, rows]) => (passed += rows) > most);
  };
  return bins.slice(few(bins), bins.length - few([...bins].reverse()));
}

const GRAINS: [Grain, number][] = [["hour", 1 / 24], ["day", 1], ["month", 28], ["quarter", 90], ["year", 365]];
const MOST_PERIODS = 100;
const DAY_MS = 86_400_000;

/** The finest grain that cuts the time between two moments into at most about a hundred periods; dates have no hours. */
export function fittingGrain(first: string, last: string): Grain {
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS;
  const hasTime = first.includes("T") || last.includes("T");
  return GRAINS.find(([grain, length]) => (grain !== "hour" || hasTime) && days / length <= MOST_PERIODS)?.[0] ?? "year";
}

/** A column of dates by period. */
export const timeMeasure = (column: string, grain: Grain): Measure => ({ metric: "count", column, by: column, grain, filters: [{ column, op: "not_missing" }], baseline: [] });

/** How many rows fall into each period, also those into which none does; `name` is how the column is said, `range` is the column's in words. */
export function timeChart(fact: Fact, name: string, grain: Grain, range: string | null): ChartSpec {
  const found = new Map(entriesOf(fact).filter((entry) => entry.key !== null).map((entry) => [String(entry.key), Number(entry.value)]));
  const keys = [...found.keys()];
  const data = periodsFrom(keys[0], keys.at(-1), grain).map((x) => ({ x, y: found.get(x) ?? 0 }));
  const title = `Rows ${PER[grain]} of ${name}`;
  return {
    id: `spread_${fact.id}`, type: "line", title, titleTemplate: "", subtitle: `${formatCounted(fact.n, "row")} in all${range ? `, ${range}` : ""}`,
    alt: altOf("Line", title, data.map(({ x, y }) => ({ label: formatPeriod(x, grain), y })), "rows"), xKey: "x", yKey: "y", valueKey: null, xLabel: name, yLabel: "Rows", unit: "rows",
    data, pointsShown: data.length, pointsTotal: data.length, partialLast: false, note: null, factIds: [fact.id], order: null, xUnit: null, sample: null,
  };
}

const MOST_DRAWN = 10 * MOST_PERIODS; // of years: a stray date in 9999 must not ask for all between

/** The keys of all periods from one to another, as the engine writes them. */
function periodsFrom(first: string | undefined, last: string | undefined, grain: Grain): string[] {
  const keys: string[] = [];
  for (let key = first; key !== undefined && last !== undefined && key <= last && keys.length < MOST_DRAWN; key = after(key, grain)) keys.push(key);
  return keys;
}

function after(key: string, grain: Grain): string {
  const year = Number(key.slice(0, 4));
  const iso = (moment: number, length: number) => new Date(moment).toISOString().slice(0, length);
  switch (grain) {
    case "hour": return iso(Date.parse(`${key}:00:00Z`) + DAY_MS / 24, 13);
    case "day": return iso(Date.parse(key) + DAY_MS, 10);
    case "month": return iso(Date.UTC(year, Number(key.slice(5, 7)), 1), 7);
    case "quarter": return key.endsWith("4") ? `${String(year + 1).padStart(4, "0")}-Q1` : `${key.slice(0, -1)}${Number(key.slice(-1)) + 1}`;
    default: return String(year + 1).padStart(4, "0");
  }
}
