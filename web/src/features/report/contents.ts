/** A report with its facts, charts and columns by name, so that every part of the page finds what it cites. */
import type { ChartSpec, ColumnProfile, Fact, Insight, Report } from "@/lib/api/types";
import { chartOfFact } from "@/components/charts/from-fact";
import { columnsOf } from "./told-columns";

export type Contents = {
  report: Report;
  facts: ReadonlyMap<string, Fact>;
  charts: ReadonlyMap<string, ChartSpec>;
  columns: ReadonlyMap<string, ColumnProfile>;
};

export function contentsOf(report: Report): Contents {
  return {
    report,
    facts: new Map(report.facts.map((fact) => [fact.id, fact])),
    charts: new Map(report.chartSpecs.map((chart) => [chart.id, chart])),
    columns: new Map(columnsOf(report).map((column) => [column.name, column])),
  };
}

/** A drawing of mostly gaps says little at a glance. A broken record must not break the choice: only its own chart. */
const isFull = (chart: ChartSpec) => chart.type === "heatmap" || chart.data.filter((record) => figure(record?.[chart.yKey]) !== null).length * 2 >= chart.data.length;

/** The chart that stands beside the headline: the one the first finding cites, else its own fact drawn, else one of the same columns, else the first that is no map. */
export function leadChart({ report, facts, columns }: Contents): ChartSpec | undefined {
  const finding = report.insights.analystInsights[0];
  const cited = finding?.evidence.find((item) => item.chartId)?.chartId;
  const full = report.chartSpecs.filter(isFull);
  const own = finding?.evidence.flatMap((item) => item.factIds).map((id) => facts.get(id)).find((fact) => Array.isArray(fact?.value));
  const measureOf = (chart: ChartSpec) => facts.get(chart.factIds[0] ?? "")?.measure;
  // The report's own chart of the same thing can be picked apart, one that is made here of the fact cannot.
  const same = full.find((chart) => own && SAME.every((key) => measureOf(chart)?.[key] === own.measure[key]));
  const kin = full.find((chart) => {
    const measure = measureOf(chart);
    return measure?.column && measure.by && measure.by !== measure.column && finding?.columns.includes(measure.column) && finding.columns.includes(measure.by);
  });
  const pair = full.find((chart) => chart.sample?.columns.every((column) => finding?.columns.includes(column)));
  const drawn = own && !cited ? chartOfFact(own, columns) : null;
  // A map of all correlations says least at a glance, so it leads only where there is nothing else.
  return full.find((chart) => chart.id === cited) ?? same ?? drawn ?? kin ?? pair ?? full.find((chart) => chart.type !== "heatmap") ?? report.chartSpecs[0];
}

const SAME = ["metric", "column", "column2", "by", "grain"] as const;

/** What an insight's stamp-sized drawing shows: its chart, else its first fact that has an entry for each key. */
export function courseOf(insight: Insight, { charts, facts }: Contents): { values: (number | null)[]; isTime: boolean } | null {
  const chartId = insight.evidence.find((item) => item.chartId)?.chartId;
  const chart = chartId ? charts.get(chartId) : undefined;
  if (chart && chart.type !== "scatter" && chart.type !== "heatmap") {
    const values = chart.data.map((record) => figure(record[chart.yKey]));
    // A period that is not complete would look like a fall.
    return { values: chart.partialLast ? values.slice(0, -1) : values, isTime: chart.type === "line" || chart.type === "area" };
  }
  for (const id of insight.evidence.flatMap((item) => item.factIds)) {
    const fact = facts.get(id);
    if (Array.isArray(fact?.value)) return { values: fact.value.map((entry) => figure(entry.value)), isTime: isCourse(fact.measure.grain) };
  }
  return null;
}

const figure = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
const isCourse = (grain: string | null | undefined) => grain != null && !["weekday", "hour_of_day", "month_of_year"].includes(grain);

/** The page's first sentence; a table too small for findings gets a plain description of itself. */
export function headlineOf({ insights, fileInfo }: Report): string {
  return insights.businessSummary[0] ?? insights.analystInsights[0]?.headline ?? `${fileInfo.name} was read; there is nothing in it to single out.`;
}
