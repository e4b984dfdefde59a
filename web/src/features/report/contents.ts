/** A report with its facts, charts and columns by name, so that every part of the page finds what it cites. */
import type { ChartSpec, ColumnProfile, Fact, Insight, Report, Scalar } from "@/lib/api/types";
import { chartOfFact, ordersOf, type Orders, type Told } from "@/components/charts/from-fact";
import { chartOfFacts } from "@/components/charts/from-facts";
import { drawnFact, keyAt } from "@/components/charts/series";
import { say } from "@/lib/words";
import { columnsOf } from "./told-columns";

export type Contents = {
  report: Report;
  facts: ReadonlyMap<string, Fact>;
  charts: ReadonlyMap<string, ChartSpec>;
  columns: ReadonlyMap<string, ColumnProfile>;
  orders: Orders;
};

export function contentsOf(report: Report): Contents {
  const facts = new Map(report.facts.map((fact) => [fact.id, fact]));
  return {
    report,
    facts,
    charts: new Map(report.chartSpecs.map((chart) => [chart.id, chart])),
    columns: new Map(columnsOf(report).map((column) => [column.name, column])),
    orders: ordersOf(report.chartSpecs, facts),
  };
}

/** A drawing of mostly gaps says little at a glance. A broken record must not break the choice: only its own chart. */
const isFull = (chart: ChartSpec) => chart.type === "heatmap" || chart.data.filter((record) => figure(record?.[chart.yKey]) !== null).length * 2 >= chart.data.length;

/** The chart of what a finding says: the one it cites, else its own figures drawn; undefined where there is none. */
export function chartOf(insight: Insight, { charts, facts, columns, orders }: Contents): ChartSpec | undefined {
  const cited = insight.evidence.map((item) => charts.get(item.chartId ?? "")).find((chart) => chart && isFull(chart));
  if (cited) return cited;
  const own = insight.evidence.filter((item) => !item.chartId).flatMap((item) => item.factIds).map((id) => facts.get(id)).filter((fact) => fact !== undefined);
  // The first fact with an entry for each key is what the finding is about; further ones say what lies behind it.
  const keyed = own.find((fact) => Array.isArray(fact.value));
  const drawn = (keyed && pointed(chartOfFact(keyed, columns, orders, asTold(keyed, insight, columns)), keyed, insight)) ?? chartOfFacts(own, columns) ?? undefined;
  return drawn && ([...charts.values()].find((chart) => isSameDrawing(chart, drawn)) ?? drawn);
}

/** The drawing of a finding's fact, its title naming the bar or period that the headline names first, so that it stands out. */
function pointed(drawn: ChartSpec | null, fact: Fact, insight: Insight): ChartSpec | null {
  const entries = Array.isArray(fact.value) ? fact.value : [];
  const place = placeOf(insight, new Map([[fact.id, fact]]), entries.map((entry) => entry.key));
  return drawn && place !== null ? { ...drawn, titleTemplate: `{${fact.id}[${place}].key}` } : drawn;
}

/** How a finding tells a fact's figures: in per cent where its sentence has them so, and a rate of two columns by the name of its own column, where there is one. */
function asTold({ id, measure }: Fact, { columns: [rate], headlineTemplate }: Insight, columns: Contents["columns"]): Told {
  const isPercent = headlineTemplate.includes(`{${id}[`) && headlineTemplate.includes(".value|percent}");
  const hasName = rate && measure.metric === "ratio" && measure.column2 && ![measure.column, measure.column2, measure.by].includes(rate);
  return { name: hasName ? say(rate, columns) : undefined, unit: isPercent ? "share" : undefined };
}

/** Whether two charts draw the same points: a fact over all dates is that over all rows, and one title tells it. */
function isSameDrawing(one: ChartSpec, other: ChartSpec): boolean {
  const pointsOf = ({ data, xKey, yKey }: ChartSpec) => JSON.stringify(data.map((record) => [record?.[xKey], record?.[yKey]]));
  return one.type === other.type && one.data.length === other.data.length && pointsOf(one) === pointsOf(other);
}

/** The chart that stands beside the headline: that of the first finding or none, as any other would read like its proof. A headline that only describes the table stands beside the best chart. */
export function leadChart(contents: Contents): ChartSpec | undefined {
  const { insights, chartSpecs } = contents.report;
  const finding = insights.analystInsights[0];
  if (finding) return chartOf(finding, contents);
  const said = chartSpecs.find((chart) => `${chart.title}.` === insights.businessSummary[0]);
  // A map of all correlations says least at a glance, so it leads only where there is nothing else.
  return said ?? chartSpecs.find((chart) => isFull(chart) && chart.type !== "heatmap") ?? chartSpecs[0];
}

/** What a stamp-sized drawing shows; `named` is the place of what the finding speaks of, null where it is not drawn. */
export type Course = { values: (number | null)[]; isTime: boolean; named: number | null };

/** What an insight's stamp-sized drawing shows: its chart, else its first fact that has an entry for each key. */
export function courseOf(insight: Insight, contents: Contents): Course | null {
  const { facts } = contents;
  const chart = chartOf(insight, contents);
  if (chart && chart.type !== "scatter" && chart.type !== "heatmap") {
    const drawn = drawnFact(chart, facts);
    const values = chart.data.map((record) => figure(record[chart.yKey]));
    const named = placeOf(insight, facts, chart.data.map((record, index) => (drawn ? keyAt(chart, drawn, index) : record[chart.xKey])));
    // A period that is not complete would look like a fall.
    return { values: chart.partialLast ? values.slice(0, -1) : values, isTime: chart.type === "line" || chart.type === "area", named };
  }
  for (const id of insight.evidence.flatMap((item) => item.factIds)) {
    const fact = facts.get(id);
    if (Array.isArray(fact?.value)) return { values: fact.value.map((entry) => figure(entry.value)), isTime: isCourse(fact.measure.grain), named: placeOf(insight, facts, fact.value.map((entry) => entry.key)) };
  }
  return null;
}

const NAMES = /\{val:([^{}|]+)|\{(f_[0-9a-f]{8})\[(\d+)\]\.key/g;

/** Where the first of the values that the headline names stands among keys. */
function placeOf(insight: Insight, facts: Contents["facts"], keys: (Scalar | undefined)[]): number | null {
  const texts = keys.map(String);
  for (const [, value, id, place] of (insight.headlineTemplate ?? "").matchAll(NAMES)) {
    const entries = facts.get(id ?? "")?.value;
    const at = texts.indexOf(value ?? String(Array.isArray(entries) ? entries[Number(place)]?.key : undefined));
    if (at >= 0 && keys[at] !== undefined) return at;
  }
  return null;
}

const figure = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
const isCourse = (grain: string | null | undefined) => grain != null && !["weekday", "hour_of_day", "month_of_year"].includes(grain);

/** The page's first sentence; a table too small for findings gets a plain description of itself. */
export function headlineOf({ insights, fileInfo }: Report): string {
  return insights.businessSummary[0] ?? insights.analystInsights[0]?.headline ?? `${fileInfo.name} was read; there is nothing in it to single out.`;
}
