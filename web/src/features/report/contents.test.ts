import { describe, expect, it } from "vitest";
import { salesReport } from "@/test/fixtures";
import { chartOfFact } from "@/components/charts/from-fact";
import { namedIndex } from "@/components/charts/series";
import { chartOf, contentsOf, courseOf, headlineOf, leadChart } from "./contents";

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

  it("is the finding's own fact where it cites no chart", () => {
    const lead = leadChart(contentsOf({ ...ofCourse, chartSpecs: salesReport.chartSpecs.filter((chart) => chart.type === "bar") }));

    expect(lead).toMatchObject({ type: "line", factIds: [course.id], pointsShown: (course.value as unknown[]).length });
  });

  it("is the report's own chart where that draws the same points", () => {
    const line = salesReport.chartSpecs.find((chart) => chart.type === "line")!;
    const drawn = chartOfFact(course, new Map())!;
    const twin = { ...line, data: drawn.data };

    expect(leadChart(contentsOf({ ...ofCourse, chartSpecs: [twin] }))).toBe(twin);
  });

  it("is not the cited one where that is nearly empty", () => {
    const cited = salesReport.chartSpecs.find((chart) => chart.type === "line")!;
    const hollow = { ...cited, data: cited.data.map((record, index) => (index > 1 ? { ...record, [cited.yKey]: null } : record)) };
    const report = withFinding({ columns: [], evidence: [{ kind: "chart_id", factIds: [], chartId: cited.id, rowIndices: null, text: "" }] });

    const lead = leadChart(contentsOf({ ...report, chartSpecs: report.chartSpecs.map((chart) => (chart === cited ? hollow : chart)) }));

    expect(lead?.id).not.toBe(cited.id);
  });

  it("is none where nothing shows what the finding says: another chart of its columns would read like its proof", () => {
    expect(leadChart(contentsOf(withFinding({ evidence: [], columns: ["revenue", "region"] })))).toBeUndefined();
  });

  it("is the best one where the headline only describes the table", () => {
    const silent = { ...salesReport, insights: { ...salesReport.insights, analystInsights: [] } };

    expect(leadChart(contentsOf(silent))).toBe(salesReport.chartSpecs[0]);
  });

  it("has the figures of a rate in per cent where the headline has them so, under the rate's own name", () => {
    const fact = { ...course, id: "f_rate", unit: null, n: 480, measure: { metric: "ratio", column: "clicks", column2: "impressions", by: "channel", filters: [], baseline: [] }, value: [{ key: "Email", value: 0.082, n: 120 }, { key: "Display", value: 0.002, n: 120 }] } as unknown as typeof course;
    const told = { columns: ["ctr", "channel"], headlineTemplate: "{val:Email} has the highest {col:ctr}, {f_rate[0].value|percent}", evidence: [{ kind: "aggregates" as const, chartId: null, factIds: ["f_rate"], rowIndices: null, text: "" }] };
    const lead = (changes: object) => leadChart(contentsOf({ ...withFinding({ ...told, ...changes }), facts: [...salesReport.facts, fact] }));

    expect(lead({})).toMatchObject({ title: "Ctr by channel", subtitle: "Sum of clicks divided by the sum of impressions by channel, over 480 rows", unit: "share" });
    expect(lead({ columns: ["clicks", "impressions", "channel"], headlineTemplate: "{f_rate[0].value}" })).toMatchObject({ title: "Sum of clicks divided by the sum of impressions by channel", subtitle: "Over 480 rows", unit: null });
  });

  it("compares the finding's own figures where no fact has an entry for each key", () => {
    const scalars = [0.2, 0.04].map((value, index) => ({ ...course, id: `f_${index}`, value, unit: null, measure: { metric: "ratio", filters: [{ column: "category", op: index ? "ne" : "eq", value: "Lighting" }, { column: "returned", op: "eq", value: true }], baseline: [] } })) as unknown as typeof salesReport.facts;
    const report = withFinding({ evidence: [{ kind: "aggregates", chartId: null, factIds: ["f_0", "f_1"], rowIndices: null, text: "" }] });

    const lead = leadChart(contentsOf({ ...report, facts: [...report.facts, ...scalars] }));

    expect(lead).toMatchObject({ title: "Share where returned is yes, by category", unit: "share", data: [{ x: "Lighting", y: 0.2 }, { x: "All others", y: 0.04 }] });
  });
});

it("a headline that a chart says stands beside that chart", () => {
  const chart = salesReport.chartSpecs.at(-1)!;
  const said = { ...salesReport, insights: { ...salesReport.insights, analystInsights: [], businessSummary: [`${chart.title}.`, "The table holds 6 records."] } };

  expect(leadChart(contentsOf(said))).toBe(chart);
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

it("a drawing of a finding's own points at the bar that the headline names first, in the order of its category too", () => {
  const value = [["South", 90], ["North", 40], ["Texas", -20]].map(([key, profit]) => ({ key, value: profit, n: 9 }));
  const fact = { id: "f_0000000a", measure: { metric: "sum", column: "profit", by: "state", filters: [], baseline: [] }, value, unit: null, n: 27 } as (typeof salesReport.facts)[number];
  const evidence = [{ kind: "aggregates" as const, factIds: [fact.id], chartId: null, rowIndices: null, text: "" }];
  const named = (headlineTemplate: string) => namedIndex(chartOf({ ...finding, headlineTemplate, evidence }, contentsOf({ ...salesReport, chartSpecs: [], facts: [fact] }))!, fact);

  expect(named("{val:Texas} makes a loss, {f_0000000a[0].key} does not")).toBe(2);
  expect(named("{f_0000000a[1].key} follows")).toBe(1);
  expect(named("{col:profit} differs")).toBeNull();
});

it("a stamp points at what the headline names, wherever it stands", () => {
  const value = [["South", 90], ["North", 40], ["Texas", -20]].map(([key, profit]) => ({ key, value: profit, n: 9 }));
  const fact = { id: "f_0000000a", measure: { metric: "sum", column: "profit", by: "state", filters: [], baseline: [] }, value, unit: null, n: 27 } as (typeof salesReport.facts)[number];
  const evidence = [{ kind: "aggregates" as const, factIds: [fact.id], chartId: null, rowIndices: null, text: "" }];
  const named = (headlineTemplate: string) => courseOf({ ...finding, headlineTemplate, evidence }, contentsOf({ ...salesReport, facts: [fact] }))?.named;

  expect(named("{val:Texas} makes a loss")).toBe(2);
  expect(named("{f_0000000a[1].key} follows")).toBe(1);
  expect(named("{col:profit} differs")).toBeNull();
});
