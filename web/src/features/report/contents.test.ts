import { describe, expect, it } from "vitest";
import { salesReport } from "@/test/fixtures";
import { contentsOf, courseOf, headlineOf, leadChart } from "./contents";

const finding = salesReport.insights.analystInsights[0]!;
const withFinding = (changes: Partial<typeof finding>) => ({ ...salesReport, insights: { ...salesReport.insights, analystInsights: [{ ...finding, ...changes }] } });

describe("the chart beside the headline", () => {
  it("is the one the first finding cites", () => {
    const cited = salesReport.chartSpecs[3]!;

    const lead = leadChart(contentsOf(withFinding({ evidence: [{ kind: "chart_id", factIds: [], chartId: cited.id, rowIndices: null, text: "" }] })));

    expect(lead?.id).toBe(cited.id);
  });

  const course = salesReport.facts.find((fact) => Array.isArray(fact.value) && fact.measure.grain === "month")!;
  const ofCourse = withFinding({ evidence: [{ kind: "aggregates", chartId: null, factIds: [course.id], rowIndices: null, text: "" }] });

  it("is the report's chart of the same thing", () => {
    expect(leadChart(contentsOf(ofCourse))).toBe(salesReport.chartSpecs.find((chart) => chart.factIds[0] === course.id || chart.type === "line"));
  });

  it("is the finding's own fact where no chart of the report draws it", () => {
    const lead = leadChart(contentsOf({ ...ofCourse, chartSpecs: salesReport.chartSpecs.filter((chart) => chart.type === "bar") }));

    expect(lead).toMatchObject({ type: "line", factIds: [course.id], pointsShown: (course.value as unknown[]).length });
  });

  it("is not the cited one where that is nearly empty", () => {
    const cited = salesReport.chartSpecs.find((chart) => chart.type === "line")!;
    const hollow = { ...cited, data: cited.data.map((record, index) => (index > 1 ? { ...record, [cited.yKey]: null } : record)) };
    const report = withFinding({ columns: [], evidence: [{ kind: "chart_id", factIds: [], chartId: cited.id, rowIndices: null, text: "" }] });

    const lead = leadChart(contentsOf({ ...report, chartSpecs: report.chartSpecs.map((chart) => (chart === cited ? hollow : chart)) }));

    expect(lead?.id).not.toBe(cited.id);
  });

  it("is one of the finding's columns where it cites none", () => {
    const lead = leadChart(contentsOf(withFinding({ evidence: [], columns: ["revenue", "region"] })));

    expect(lead?.title).toMatch(/West .* of revenue/);
  });

  it("is the best one of all where nothing fits", () => {
    expect(leadChart(contentsOf(withFinding({ evidence: [], columns: [] })))).toBe(salesReport.chartSpecs[0]);
  });
});

describe("the headline", () => {
  it("is the first sentence of the summary", () => {
    expect(headlineOf(salesReport)).toBe(salesReport.insights.businessSummary[0]);
  });

  it("is honest about a table that says nothing", () => {
    const silent = { ...salesReport, insights: { ...salesReport.insights, analystInsights: [], businessSummary: [] } };

    expect(headlineOf(silent)).toBe("sales_demo.csv was read; there is nothing in it to single out.");
  });
});

it("a finding without a chart is drawn from its first fact with keys", () => {
  const keyed = salesReport.facts.find((fact) => Array.isArray(fact.value) && fact.measure.by === "category")!;
  const insight = { ...finding, evidence: [{ kind: "aggregates" as const, factIds: [keyed.id], chartId: null, rowIndices: null, text: "" }] };

  expect(courseOf(insight, contentsOf(salesReport))).toMatchObject({ isTime: false, values: expect.arrayContaining([expect.any(Number)]) });
});
