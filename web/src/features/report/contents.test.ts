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
