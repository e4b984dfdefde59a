/** Figures of one kind side by side: what a finding compares, drawn as bars. Nothing is computed; every bar is a fact. */
import type { ChartSpec, Fact, Filter } from "@/lib/api/types";
import { formatScalar } from "@/lib/format";
import { capitalise, sameFilter, say, sayFilter, sayMeasure, type Columns } from "@/lib/words";

const SAID_UNITS: ReadonlySet<string> = new Set(["days", "hours", "minutes", "seconds"]); // others stand at each figure

type Bar = { label: string; fact: Fact };

const MOST_BARS = 16;
const FEWEST_COLUMNS = 3;

/** The figures that can be compared, as bars: one measure over several parts of the rows, else over several columns. */
export function chartOfFacts(facts: readonly Fact[], columns: Columns): ChartSpec | null {
  const figures = facts.filter((fact) => typeof fact.value === "number" && !fact.measure.by);
  return ofParts(figures, columns) ?? ofColumns(figures, columns);
}

/** Of the groups of facts that are alike in what `kind` says, the first with enough of them. */
function alike(facts: readonly Fact[], least: number, kind: (fact: Fact) => unknown): Fact[] | undefined {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const name = JSON.stringify(kind(fact));
    groups.set(name, [...(groups.get(name) ?? []), fact]);
  }
  return [...groups.values()].find((group) => group.length >= least && group.length <= MOST_BARS);
}

const filtersOf = (fact: Fact) => fact.measure.filters ?? [];
const COUNTS: ReadonlySet<string> = new Set(["count", "missing_count", "duplicate_rows"]); // how many rows says how large a part is, not what is in it

function ofParts(facts: readonly Fact[], columns: Columns): ChartSpec | null {
  const compared = facts.filter(({ measure }) => !COUNTS.has(measure.metric) && !(measure.metric === "ratio" && (measure.column || measure.column2)));
  // A rate's own condition is common to all its parts, so what is left of each fact's conditions names its part.
  const group = alike(compared, 2, ({ measure, unit }) => [measure.metric, measure.column, measure.column2, measure.minus, measure.of, measure.q, unit]);
  if (!group) return null;
  const shared = filtersOf(group[0]!).filter((one) => group.every((fact) => filtersOf(fact).some((other) => sameFilter(other, one))));
  const isShared = (one: Filter) => shared.some((other) => sameFilter(other, one));
  const partOf = (fact: Fact) => filtersOf(fact).filter((one) => !isShared(one));
  const split = new Set(group.flatMap((fact) => partOf(fact).map((one) => one.column)));
  if (split.size !== 1) return null;
  const chain = chainOf(group, partOf);
  const bars = (chain ?? group).map((fact) => ({ fact, label: capitalise(partWords(partOf(fact), columns)) }));
  const first = group[0]!;
  const isRate = first.measure.metric === "ratio";
  if (isRate && shared.length === 0) return null;
  const saidShared = shared.map((one) => sayFilter(one, columns)).join(" and ");
  const what = isRate ? `Share where ${saidShared}` : sayMeasure({ ...first.measure, filters: [], baseline: [] }, columns);
  const by = say([...split][0]!, columns);
  const title = by === say(first.measure.column ?? "", columns) ? what : `${what}, by ${by}`;
  return drawn(bars, { title, subtitle: !isRate && saidShared ? capitalise(saidShared) : "The parts that the finding compares", xLabel: capitalise(by), unit: isRate ? "share" : (first.unit ?? null) });
}

/** "Below 10", "10 to 20", "20 or more", "West", "all others", or all rows. */
function partWords(part: readonly Filter[], columns: Columns): string {
  if (part.length === 0) return "all rows";
  const bound = (op: Filter["op"]) => part.find((one) => one.op === op)?.value;
  const [low, high] = [bound("ge"), bound("lt")];
  const number = (value: unknown) => formatScalar(value as number);
  if (typeof low === "number" || typeof high === "number") {
    return high === undefined ? `${number(low)} or more` : low === undefined ? `below ${number(high)}` : `${number(low)} to ${number(high)}`;
  }
  if (part.length === 1 && part[0]!.op === "ne") return typeof part[0]!.value === "number" ? `without ${number(part[0]!.value)}` : "all others";
  return part.map((one) => sayFilter(one, columns).replace(`${say(one.column, columns)} `, "")).join(" and ").replace(/^is /, "");
}

/** The facts whose bands follow each other from the lowest to the highest, the finest that do; null where none do. */
function chainOf(facts: readonly Fact[], partOf: (fact: Fact) => Filter[]): Fact[] | null {
  const bands = facts.map((fact) => {
    const bound = (op: Filter["op"]) => partOf(fact).find((one) => one.op === op)?.value;
    return { fact, low: bound("ge") as number | undefined, high: bound("lt") as number | undefined };
  });
  const chain: Fact[] = [];
  let at: number | undefined = undefined;
  while (chain.length <= facts.length) {
    const next = bands.filter(({ low, high }) => low === at && (low !== undefined || high !== undefined)).sort((one, other) => (one.high ?? Infinity) - (other.high ?? Infinity))[0];
    if (!next) return null;
    chain.push(next.fact);
    if (next.high === undefined) return chain.length > 2 ? chain : null;
    at = next.high;
  }
  return null;
}

function ofColumns(facts: readonly Fact[], columns: Columns): ChartSpec | null {
  const answered = alike(facts, FEWEST_COLUMNS, ({ measure }) => (measure.metric === "ratio" && !measure.column && !measure.column2 && measure.filters?.length === 1 ? [measure.filters[0]!.op, measure.filters[0]!.value] : [measure, "alone"]));
  if (answered && new Set(answered.map((fact) => filtersOf(fact)[0]!.column)).size === answered.length) {
    const [first] = filtersOf(answered[0]!);
    const names = apart(answered.map((fact) => filtersOf(fact)[0]!.column), columns);
    const bars = answered.map((fact, index) => ({ fact, label: names[index]! })).sort((one, other) => Number(other.fact.value) - Number(one.fact.value));
    return drawn(bars, { title: `Share where the answer ${sayFilter(first!, columns).slice(say(first!.column, columns).length + 1)}`, subtitle: "Of those who answered each question", xLabel: "Question", unit: "share" });
  }
  const group = alike(facts, FEWEST_COLUMNS, ({ measure, unit }) => (measure.column ? [measure.metric, measure.column2, measure.minus, measure.filters ?? [], measure.of, measure.q, unit] : [measure, "alone"]));
  if (!group || new Set(group.map((fact) => fact.measure.column)).size < group.length) return null;
  const { measure, unit } = group[0]!;
  const isPart = measure.metric === "ratio" && measure.column2;
  const names = apart(group.map((fact) => fact.measure.column!), columns);
  const bars = group.map((fact, index) => ({ fact, label: names[index]! }));
  // Columns of years stand in their order, others by size.
  const areYears = names.every((name) => /^\D*(19|20)\d\d$/.test(name));
  if (!areYears) bars.sort((one, other) => Number(other.fact.value) - Number(one.fact.value));
  const metric = sayMeasure({ ...measure, filters: [] }, columns).split(` ${say(measure.column!, columns)}`)[0]!;
  const rows = (measure.filters ?? []).map((one) => rowWords(one, columns)).join(", ");
  return drawn(bars, { title: isPart ? `Share of the sum of ${say(measure.column2!, columns)}` : `${metric} each ${areYears ? "year" : "column"}`, subtitle: rows ? capitalise(rows) : `The ${areYears ? "years" : "columns"} that the finding names`, xLabel: areYears ? "Year" : "Column", unit: isPart ? "share" : (unit ?? null) });
}

const UNNAMED = /^(?:unnamed|column)[\W_]*\d*$/i; // what a column without a heading is called

/** Which rows the bars are of; where their column has no heading, by the value alone. */
function rowWords(filter: Filter, columns: Columns): string {
  return filter.op === "eq" && UNNAMED.test(filter.column) ? `“${formatScalar(filter.value as string)}”` : sayFilter(filter, columns);
}

/** The columns as they are said, without the words that all of them begin with; by their whole names where those said are cut to the same words, as questions on several things are. */
function apart(names: readonly string[], columns: Columns): string[] {
  const said = names.map((name) => say(name, columns));
  const words = (new Set(said).size < said.length ? names : said).map((name) => name.replace(/^“(.*)”$/, "$1").split(" ")); // of a quoted name only the end is left
  const most = Math.min(...words.map((one) => one.length)) - 1;
  let shared = 0;
  while (shared < most && words.every((one) => one[shared] === words[0]![shared])) shared += 1;
  return words.map((one) => one.slice(shared).join(" "));
}

function drawn(bars: readonly Bar[], { title, subtitle, xLabel, unit }: Pick<ChartSpec, "title" | "subtitle" | "xLabel"> & { unit: string | null }): ChartSpec {
  const said = bars.map(({ label, fact }) => `${label}: ${formatScalar(fact.value as number, unit)}`).join("; ");
  return {
    id: `own_${bars[0]!.fact.id}`, type: "bar", title, titleTemplate: "", subtitle: unit && SAID_UNITS.has(unit) ? `${subtitle}, in ${unit}` : subtitle, alt: `Bars of ${title}. ${said}.`, xKey: "x", yKey: "y", valueKey: null,
    xLabel, yLabel: unit === "share" ? "Share" : title, unit, data: bars.map(({ label, fact }) => ({ x: label, y: fact.value as number })),
    pointsShown: bars.length, pointsTotal: bars.length, partialLast: false, note: null, factIds: bars.map(({ fact }) => fact.id), order: null, xUnit: null, sample: null,
  };
}
