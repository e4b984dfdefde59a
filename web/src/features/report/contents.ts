/** A report with its facts, charts and columns by name, so that every part of the page finds what it cites. */
import type { ChartSpec, ColumnProfile, Fact, Report } from "@/lib/api/types";

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
    columns: new Map(report.schema.map((column) => [column.name, column])),
  };
}

/** The chart that stands beside the headline: the one the first finding cites, else the first. */
export function leadChart({ report, charts }: Contents): ChartSpec | undefined {
  const cited = report.insights.analystInsights[0]?.evidence.find((item) => item.chartId)?.chartId;
  return (cited ? charts.get(cited) : undefined) ?? report.chartSpecs[0];
}

/** The page's first sentence; a table too small for findings gets a plain description of itself. */
export function headlineOf({ insights, fileInfo }: Report): string {
  return insights.businessSummary[0] ?? insights.analystInsights[0]?.headline ?? `${fileInfo.name} was read; there is nothing in it to single out.`;
}
