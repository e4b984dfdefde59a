/** Looking at a part of the table: what a picked bar or period means as a condition, and every measure under it. */
import { drawnFact, keyAt } from "@/components/charts/series";
import { redrawn } from "@/components/charts/from-fact";
import { isMapOf, redrawnCloud, redrawnMap } from "@/components/charts/from-pairs";
import type { ChartSpec, Fact, Filter, KpiCard, Measure, PartAnswer, Points, PointsAsked, Scalar } from "@/lib/api/types";
import { formatNumber, formatPeriod, formatScalar, type Grain } from "@/lib/format";
import { say, sayFilter, type Columns } from "@/lib/words";
import type { Contents } from "./contents";

const DAY_MS = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The first and the last moment of a period as the engine writes it; null for cycles, which are no stretch of time. */
export function endsOf(key: Scalar, grain: Grain): [string, string] | null {
  const text = String(key);
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
  switch (grain) {
    case "minute": return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? [`${text}:00`, `${text}:59.999999`] : null;
    case "hour": return /^\d{4}-\d\d-\d\dT\d\d$/.test(text) ? [`${text}:00:00`, `${text}:59:59.999999`] : null;
    case "day": return /^\d{4}-\d\d-\d\d$/.test(text) ? [text, text] : null;
    case "month": return /^\d{4}-\d\d$/.test(text) ? [`${text}-01`, iso(Date.UTC(year, month, 1) - DAY_MS)] : null;
    case "year": return /^\d{4}$/.test(text) ? [`${text}-01-01`, `${text}-12-31`] : null;
    case "quarter": {
      const quarter = Number(/^\d{4}-Q([1-4])$/.exec(text)?.[1]);
      return quarter ? [iso(Date.UTC(year, 3 * quarter - 3, 1)), iso(Date.UTC(year, 3 * quarter, 1) - DAY_MS)] : null;
    }
    case "week": {
      const week = Number(/^\d{4}-W(\d\d)$/.exec(text)?.[1]);
      if (!week) return null;
      const fourth = Date.UTC(year, 0, 4); // always in week 1 (ISO 8601)
      const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS + (week - 1) * 7 * DAY_MS;
      return [iso(monday), iso(monday + 6 * DAY_MS)];
    }
    default: return null;
  }
}

/** Where a pick was made: a value of a column, a period of it, or a bin that begins there. The address keeps this of it. */
export type Spot = { by: string; key: Scalar; grain?: Grain; width?: number; isClosed?: boolean };

/** One thing the reader picked: where, the condition it makes, and how it is said. */
export type Pick = { spot: Spot; filters: Filter[]; words: string };

/** What picking this point of a chart means; null where it is no condition on a column. A year of a column of plain years is its value. */
export function pickOf(chart: ChartSpec, fact: Fact | undefined, index: number, columns: Columns): Pick | null {
  const by = fact?.measure.by;
  if (!fact || !by) return null;
  const key = keyAt(chart, fact, index);
  if (key === undefined) return null;
  const { grain, binWidth } = fact.measure;
  if (grain === "year" && key !== null && columns.get(by)?.storage === "BIGINT") return pickAt({ by, key: Number(key), grain }, columns);
  return pickAt({ by, key, ...(grain ? { grain: grain as Grain } : {}), ...(binWidth ? { width: binWidth, ...(chart.data[index]?.closed ? { isClosed: true } : {}) } : {}) }, columns);
}

/** What a spot means; null where it is no condition on a column. */
function pickAt(spot: Spot, columns: Columns): Pick | null {
  const { by, key, grain, width, isClosed } = spot;
  const one = (filter: Filter): Pick => ({ spot, filters: [filter], words: sayFilter(filter, columns) });
  const name = say(by, columns);
  if (key === null) return one({ column: by, op: "is_missing" });
  // Plain years are numbers of their own, periods of dates are text.
  if (grain === "year" && typeof key === "number") return { spot, filters: [{ column: by, op: "eq", value: key }], words: `${name}: ${key}` };
  if (grain) {
    const ends = endsOf(key, grain);
    return ends && { spot, filters: [{ column: by, op: "between", value: ends }], words: `${name}: ${formatPeriod(key, grain)}` };
  }
  if (width) {
    if (typeof key !== "number") return null;
    return { spot, filters: [{ column: by, op: "ge", value: key }, { column: by, op: isClosed ? "le" : "lt", value: key + width }], words: `${name}: ${formatNumber(key, null)} to ${formatNumber(key + width, null)}` };
  }
  return one({ column: by, op: "eq", value: key });
}

/** A spot as the address holds it. */
export const writeSpot = ({ by, key, grain, width, isClosed }: Spot) => JSON.stringify([by, key, ...(grain ?? width ? [grain ?? width] : []), ...(isClosed ? [true] : [])]);

/** The pick that an address names; null where somebody wrote something else there. */
export function readSpot(text: string, columns: Columns): Pick | null {
  try {
    const [by, key, how, isClosed] = JSON.parse(text) as unknown[];
    if (typeof by !== "string" || key === undefined || (typeof key === "object" && key !== null)) return null;
    return pickAt({ by, key: key as Scalar, ...(typeof how === "string" ? { grain: how as Grain } : typeof how === "number" && how > 0 ? { width: how, ...(isClosed === true ? { isClosed } : {}) } : {}) }, columns);
  } catch {
    return null;
  }
}

/** Whether any point of the chart can be picked. */
export const isPickable = (chart: ChartSpec, fact: Fact | undefined, columns: Columns) => chart.data.some((_, index) => pickOf(chart, fact, index, columns) !== null);

/** Whether the measure sets its rows against others, which are all rows where it names none. */
function compares({ metric, by, column2 }: Measure): boolean {
  if (metric === "share_rows" || metric === "share_sum") return !by; // with keys the whole is what the keys make together
  return metric === "difference" || metric === "change" || (metric === "ratio" && !column2);
}

/** The measure over the rows that satisfy these conditions too; what it is compared with is narrowed alike. */
export function narrowed(measure: Measure, filters: Filter[]): Measure {
  const narrow = (some: Filter[] | undefined) => [...(some ?? []), ...filters];
  return { ...measure, filters: narrow(measure.filters), ...(compares(measure) ? { baseline: narrow(measure.baseline) } : {}) };
}

export const ROWS: Measure = { metric: "count", filters: [], baseline: [] };

/** The picks that narrow what a chart shows: those of its own axis do not, or it would be left with the one bar that was picked and nothing beside it to compare. */
const beside = (picks: readonly Pick[], fact: Fact | undefined) => picks.filter((pick) => pick.spot.by !== fact?.measure.by);

export const conditionsOf = (picks: readonly Pick[]) => picks.flatMap((pick) => pick.filters);

/** The facts that a chart is drawn from: one with an entry for each point, one for each bar of columns side by side, one for each pair of a map, the one that a scatter tells. */
function sourcesOf(chart: ChartSpec, facts: Contents["facts"]): Fact[] {
  const keyed = drawnFact(chart, facts);
  if (keyed) return [keyed];
  const cited = chart.factIds.map((id) => facts.get(id)).filter((fact) => fact !== undefined);
  if (chart.type === "scatter") return cited.slice(0, 1);
  return (chart.type === "bar" && cited.length === chart.data.length) || isMapOf(chart, cited) ? cited : [];
}

/** What is asked of the server for a part: measures by what they are for, and the rows of each scatter. */
export type Asked = { ids: string[]; measures: Measure[]; cloudIds: string[]; clouds: PointsAsked[] };

/** What must be computed for the page under these picks: the rows, each chart's facts or points, each card's figure and change. */
export function askedOf({ report, facts }: Contents, picks: readonly Pick[]): Asked {
  const wanted = new Map<string, Measure>([["rows", narrowed(ROWS, conditionsOf(picks))]]);
  for (const chart of report.chartSpecs) {
    for (const fact of sourcesOf(chart, facts)) wanted.set(inChart(fact.id), narrowed(fact.measure, conditionsOf(beside(picks, fact))));
  }
  for (const card of report.kpis.cards) {
    for (const id of [card.factId, card.changeFactId]) {
      const fact = id ? facts.get(id) : undefined;
      if (fact) wanted.set(fact.id, narrowed(fact.measure, conditionsOf(picks)));
    }
  }
  const scatters = report.chartSpecs.filter((chart) => chart.sample);
  return {
    ids: [...wanted.keys()],
    measures: [...wanted.values()],
    cloudIds: scatters.map((chart) => chart.id),
    clouds: scatters.map((chart) => ({ columns: chart.sample!.columns, filters: conditionsOf(picks) })),
  };
}

const inChart = (id: string) => `chart ${id}`; // a card may show the same fact, narrowed by all picks

/** A chart over a part of the rows; `picked` is the place of the point that was picked in it. */
export type DrawnPart = { chart: ChartSpec; fact?: Fact; picked: number | null };

/** The page's charts and cards over a part of the rows. */
export type Part = { rows: number; charts: ReadonlyMap<string, DrawnPart>; cards: KpiCard[]; facts: ReadonlyMap<string, Fact> };

const FEWEST_ROWS = 10; // below that a change over two periods says more of chance than of the part

export function partOf(contents: Contents, asked: Asked, answer: PartAnswer, picks: readonly Pick[]): Part {
  const found = new Map(asked.ids.map((id, index) => [id, answer.facts[index]!]));
  const clouds = new Map(asked.cloudIds.map((id, index) => [id, answer.clouds[index]!]));
  const charts = new Map<string, DrawnPart>();
  for (const chart of contents.report.chartSpecs) {
    const drawn = drawnPart(chart, contents, found, clouds.get(chart.id), picks);
    if (drawn) charts.set(chart.id, drawn);
  }
  const cards = contents.report.kpis.cards.map((card) => cardOf(card, found, charts));
  const facts = new Map([...contents.facts, ...contents.report.kpis.cards.flatMap((card) => (found.has(card.factId) ? [[card.factId, found.get(card.factId)!] as const] : []))]);
  return { rows: Number(found.get("rows")?.value ?? 0), charts, cards, facts };
}

const onlyWhere = (picks: readonly Pick[]) => `Only where ${picks.map((pick) => pick.words).join(", ")}`;

function drawnPart(chart: ChartSpec, { facts, columns }: Contents, found: ReadonlyMap<string, Fact>, cloud: Points | undefined, picks: readonly Pick[]): DrawnPart | null {
  const [whole, ...others] = sourcesOf(chart, facts);
  const answers = [whole, ...others].map((fact) => fact && found.get(inChart(fact.id))).filter((fact) => fact !== undefined);
  if (cloud) return { chart: redrawnCloud(chart, cloud, answers[0], onlyWhere(picks)), picked: null };
  if (!whole || answers.length < 1 + others.length) return null;
  if (chart.type === "heatmap") return { chart: redrawnMap(chart, answers, onlyWhere(picks)), picked: null };
  if (!Array.isArray(whole.value)) return { chart: compared(chart, answers, onlyWhere(picks)), picked: null };
  const rest = beside(picks, whole);
  if (rest.length === picks.length) return { chart: redrawn(chart, answers[0]!, onlyWhere(picks), columns), fact: answers[0], picked: null };
  // With nothing else picked it is the chart of all rows, whose title still holds.
  const [shown, fact] = rest.length > 0 ? [redrawn(chart, answers[0]!, `${onlyWhere(rest)}; what is picked stands out`, columns), answers[0]!] : [{ ...chart, subtitle: "All rows; what is picked stands out" }, whole];
  const words = picks.filter((pick) => !rest.includes(pick)).map((pick) => pick.words);
  const picked = shown.data.findIndex((_, index) => words.includes(pickOf(shown, fact, index, columns)?.words ?? ""));
  return { chart: shown, fact, picked: picked < 0 ? null : picked };
}

/** The bars of columns side by side, from other figures: in their old places, so that they can be held against all rows. */
function compared(chart: ChartSpec, answers: readonly Fact[], subtitle: string): ChartSpec {
  const data = chart.data.map((record, index) => ({ ...record, [chart.yKey]: answers[index]!.value as Scalar }));
  const said = data.map((record) => `${String(record[chart.xKey])} ${formatScalar(record[chart.yKey] ?? null, chart.unit)}`).join("; ");
  return { ...chart, title: chart.yLabel, titleTemplate: "", subtitle, alt: `Bars of ${chart.yLabel}: ${said}.`, data, pointsTotal: Math.max(...answers.map((fact) => fact.n)) };
}

function cardOf(card: KpiCard, found: ReadonlyMap<string, Fact>, charts: ReadonlyMap<string, { chart: ChartSpec }>): KpiCard {
  const fact = found.get(card.factId);
  const lead = Array.isArray(fact?.value) ? fact.value.find((entry) => entry.key !== null && !entry.other) : undefined;
  const value = Array.isArray(fact?.value) ? lead?.value : fact?.value;
  const figure = typeof value === "number" ? value : null;
  const change = card.changeFactId ? found.get(card.changeFactId) : undefined;
  const moved = typeof change?.value === "number" && change.n >= FEWEST_ROWS ? change.value : null;
  return {
    ...card,
    label: lead ? `${card.label.split(": ")[0]}: ${String(lead.key)}` : card.label,
    value: figure,
    display: figure === null ? "—" : formatNumber(figure, card.unit === "rows" ? null : card.unit),
    change: moved,
    changeDisplay: moved === null ? null : `${moved > 0 ? "+" : ""}${formatNumber(moved, "share")}`,
    chartId: card.chartId && charts.has(card.chartId) ? card.chartId : null,
  };
}
