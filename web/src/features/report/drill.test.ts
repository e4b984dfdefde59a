import { describe, expect, it } from "vitest";
import { drawnFact } from "@/components/charts/series";
import type { ChartSpec, Fact, Points } from "@/lib/api/types";
import { salesReport } from "@/test/fixtures";
import { contentsOf } from "./contents";
import { askedOf, endsOf, narrowed, partOf, pickOf, readSpot, writeSpot, type Asked } from "./drill";

const contents = contentsOf(salesReport);
const chartOf = (type: ChartSpec["type"], by?: string) => salesReport.chartSpecs.find((chart) => chart.type === type && (!by || drawnFact(chart, contents.facts)?.measure.by === by))!;
const pick = (chart: ChartSpec, index: number) => pickOf(chart, drawnFact(chart, contents.facts), index, contents.columns);

describe("a period has a first and a last moment", () => {
  it.each([
    ["2024-02", "month", ["2024-02-01", "2024-02-29"]],
    ["2024", "year", ["2024-01-01", "2024-12-31"]],
    [2024, "year", ["2024-01-01", "2024-12-31"]],
    ["2024-Q1", "quarter", ["2024-01-01", "2024-03-31"]],
    ["2024-W01", "week", ["2024-01-01", "2024-01-07"]],
    ["2026-W53", "week", ["2026-12-28", "2027-01-03"]],
    ["2024-03-05", "day", ["2024-03-05", "2024-03-05"]],
    ["2024-03-05T14", "hour", ["2024-03-05T14:00:00", "2024-03-05T14:59:59.999999"]],
    ["2024-03-05T14:07", "minute", ["2024-03-05T14:07:00", "2024-03-05T14:07:59.999999"]],
    [3, "weekday", null],
    ["7", "month_of_year", null],
  ] as const)("%s by %s", (key, grain, ends) => {
    expect(endsOf(key, grain)).toEqual(ends);
  });
});

describe("picking", () => {
  it("a bar means its value", () => {
    expect(pick(chartOf("bar", "region"), 0)).toMatchObject({ filters: [{ column: "region", op: "eq", value: "West" }], words: "region is West" });
  });

  it("a year of a column of plain years is its value, by the chart and by the address", () => {
    const line = chartOf("line");
    const whole = drawnFact(line, contents.facts)!;
    const years = { ...whole, measure: { ...whole.measure, by: "year", grain: "year" as const }, value: [{ key: "2007", value: 3, n: 1 }] } as Fact;
    const columns = new Map([["year", { ...contents.columns.get("units")!, name: "year", label: "year", storage: "BIGINT" as const }]]);
    const picked = pickOf({ ...line, data: [{ x: "2007", y: 3 }] }, years, 0, columns)!;

    expect(picked).toMatchObject({ filters: [{ column: "year", op: "eq", value: 2007 }], words: "year: 2007" });
    expect(readSpot(writeSpot(picked.spot), columns)).toEqual(picked);
  });

  it("the bar without a value means the rows without one", () => {
    const bars = chartOf("bar", "region");
    const place = (drawnFact(bars, contents.facts)!.value as { key: unknown }[]).findIndex((entry) => entry.key === null);

    expect(pick(bars, place)?.filters).toEqual([{ column: "region", op: "is_missing" }]);
  });

  it("a period means all its days", () => {
    expect(pick(chartOf("line"), 1)).toMatchObject({ filters: [{ column: "order_date", op: "between", value: ["2025-02-01", "2025-02-28"] }], words: "order date: Feb 2025" });
  });

  it("a closed bin holds its upper edge, also by way of the address", () => {
    const bins = chartOf("histogram", "units");
    const closed = { ...bins, data: bins.data.map((record, index) => (index === 2 ? { ...record, closed: true } : record)) };

    const picked = pick(closed, 2)!;

    expect(picked.filters[1]).toEqual({ column: "units", op: "le", value: 4 });
    expect(readSpot(writeSpot(picked.spot), contents.columns)).toEqual(picked);
  });

  it("a bin means from its lower edge to below its upper", () => {
    const bins = chartOf("histogram", "units");

    expect(pick(bins, 2)?.filters).toEqual([{ column: "units", op: "ge", value: 3 }, { column: "units", op: "lt", value: 4 }]);
  });

  it("the bar of all further values and points that are rows mean nothing", () => {
    const bars = chartOf("bar", "region");
    const folded: Fact = { ...drawnFact(bars, contents.facts)!, value: [{ key: "Other", value: 3, n: 3, other: 12 }] };

    expect(pickOf(bars, folded, 0, contents.columns)).toBeNull();
    expect(pick(chartOf("scatter"), 0)).toBeNull();
  });
});

describe("a part of the table", () => {
  const filters = [{ column: "region", op: "eq" as const, value: "West" }];

  it("narrows a change on both its sides", () => {
    const change = contents.facts.get(salesReport.kpis.cards[0]!.changeFactId!)!.measure;

    expect(narrowed(change, filters).filters.at(-1)).toEqual(filters[0]);
    expect(narrowed(change, filters).baseline.at(-1)).toEqual(filters[0]);
    expect(narrowed({ metric: "sum", column: "revenue", filters: [], baseline: [] }, filters).baseline).toEqual([]);
  });

  it("takes a share of the part's rows, not of all rows", () => {
    const returned = { column: "returned", op: "eq" as const, value: "yes" };

    expect(narrowed({ metric: "share_rows", filters: [returned], baseline: [] }, filters)).toMatchObject({ filters: [returned, ...filters], baseline: filters });
    expect(narrowed({ metric: "share_rows", by: "returned", filters: [], baseline: [] }, filters).baseline).toEqual([]);
    expect(narrowed({ metric: "ratio", column: "revenue", column2: "units", filters: [], baseline: [] }, filters).baseline).toEqual([]);
  });

  const west = pick(chartOf("bar", "region"), 0)!;
  const february = pick(chartOf("line"), 1)!;
  const answersTo = ({ ids, clouds }: Asked) => ({ facts: ids.map(answerTo), clouds: clouds.map((): Points => ({ step: 2, total: 40, points: [[1, 10], [2, 25]] })) });
  const answerTo = (id: string): Fact => {
    const known = contents.facts.get(id.replace("chart ", ""));
    if (!known) return { id: "rows", measure: { metric: "count", filters: [], baseline: [] }, value: 567, unit: "rows", n: 567 };
    return { ...known, value: Array.isArray(known.value) ? known.value.slice(1, 3) : 7, n: 567 };
  };

  it("asks for the rows, every chart that can be drawn anew, and every card; a chart by what was picked keeps all of its bars", () => {
    const { ids, measures } = askedOf(contents, [west]);

    expect(ids[0]).toBe("rows");
    expect(ids).toHaveLength(measures.length);
    for (const measure of measures) expect([measure.by, measure.filters.some((filter) => filter.column === "region")]).toEqual([measure.by, measure.by !== "region"]);
  });

  it("shows what was picked among the others of its kind, narrowed by what was picked elsewhere", () => {
    const bars = chartOf("bar", "region");
    const alone = askedOf(contents, [west]);
    const both = askedOf(contents, [west, february]);

    const among = partOf(contents, alone, answersTo(alone), [west]).charts.get(bars.id)!;
    const narrowedToo = partOf(contents, both, answersTo(both), [west, february]).charts.get(bars.id)!;

    expect(among).toMatchObject({ picked: 0, chart: { data: bars.data, title: bars.title, subtitle: "All rows; what is picked stands out" } });
    expect(narrowedToo.chart.subtitle).toBe("Only where order date: Feb 2025; what is picked stands out");
  });

  it("draws columns side by side for the part, each bar in its place", () => {
    const facts: Fact[] = ["units", "unit_price"].map((column) => ({ id: `f_${column}`, measure: { metric: "mean", column, filters: [], baseline: [] }, value: 5, unit: null, n: 9 }));
    const chart: ChartSpec = { ...chartOf("bar", "region"), id: "chart_scores", title: "Units lead", yLabel: "Average score", factIds: ["f_units", "f_unit_price"], data: [{ x: "units", y: 5 }, { x: "unit price", y: 5 }], order: null };
    const scored = contentsOf({ ...salesReport, chartSpecs: [chart], facts: [...salesReport.facts, ...facts] });
    const asked = askedOf(scored, [west]);
    const answers = asked.measures.map((measure, index): Fact => ({ id: "f", measure, value: index, unit: null, n: 4 }));

    const drawn = partOf(scored, asked, { facts: answers, clouds: [] }, [west]).charts.get("chart_scores")!.chart;

    expect(drawn).toMatchObject({ title: "Average score", subtitle: "Only where region is West", data: [{ x: "units", y: 1 }, { x: "unit price", y: 2 }] });
  });

  it("asks for the rows of a scatter, and draws them with what they say of the part", () => {
    const scatter = chartOf("scatter");
    const asked = askedOf(contents, [west]);

    const drawn = partOf(contents, asked, answersTo(asked), [west]).charts.get(scatter.id)!.chart;

    expect(asked.clouds[asked.cloudIds.indexOf(scatter.id)]).toEqual({ columns: scatter.sample!.columns, filters: west.filters });
    expect(drawn).toMatchObject({ title: `${scatter.yLabel} against ${scatter.xLabel}`, subtitle: "Only where region is West: 40 rows, r = 7.00", data: [{ x: 1, y: 10 }, { x: 2, y: 25 }], pointsTotal: 40, note: "One row in 2 is drawn." });
  });

  it("draws a map of correlations for the part, a pair of too few rows without a figure", () => {
    const pairs: [string, string, number, number][] = [["units", "revenue", -0.4, 60], ["units", "unit_price", 0.9, 9], ["revenue", "unit_price", 0.2, 60]];
    const facts = pairs.map(([column, column2]): Fact => ({ id: `f_${column}_${column2}`, measure: { metric: "correlation", column, column2, filters: [], baseline: [] }, value: 0.5, unit: null, n: 500 }));
    const data = pairs.flatMap(([x, y]) => [{ x, y, value: 0.5 }, { x: y, y: x, value: 0.5 }]);
    const chart: ChartSpec = { ...chartOf("bar", "region"), id: "chart_map", type: "heatmap", title: "units and revenue are related most closely", valueKey: "value", factIds: facts.map((fact) => fact.id), data, order: null };
    const mapped = contentsOf({ ...salesReport, chartSpecs: [chart], facts: [...salesReport.facts, ...facts] });
    const asked = askedOf(mapped, [west]);
    const answers = asked.measures.map((measure): Fact => {
      const [, , value, n] = pairs.find(([column, column2]) => measure.column === column && measure.column2 === column2) ?? ["", "", 1, 1];
      return { id: "f", measure, value, unit: null, n };
    });

    const drawn = partOf(mapped, asked, { facts: answers, clouds: [] }, [west]).charts.get("chart_map")!.chart;

    expect(drawn).toMatchObject({ title: "How the numbers move together", subtitle: "Only where region is West", alt: "Heat map of correlations; closest are units and revenue (r = −0.40)." });
    expect(drawn.data.map((record) => record.value)).toEqual([-0.4, -0.4, null, null, 0.2, 0.2]);
  });

  it("draws charts with titles that claim nothing, and cards with their own figures", () => {
    const asked = askedOf(contents, [west]);

    const part = partOf(contents, asked, answersTo(asked), [west]);

    const line = part.charts.get(chartOf("line").id)!.chart;
    expect(part.rows).toBe(567);
    expect(line.title).toBe("Sum of revenue per month of order date");
    expect(line.data).toHaveLength(chartOf("line").data.length);
    expect(line.data[0]![line.yKey]).toBeNull(); // a month without rows is a gap
    expect(part.cards[0]).toMatchObject({ value: 7, display: "7" });
    expect(salesReport.chartSpecs.filter((spec) => !part.charts.has(spec.id))).toEqual([]);
  });
});

describe("the address keeps a pick", () => {
  it.each([["bar", "region"], ["line", "order_date"], ["histogram", "units"]] as const)("of a %s by %s", (type, by) => {
    const chart = chartOf(type, by);
    for (const index of chart.data.keys()) {
      const made = pick(chart, index);
      if (made) expect(readSpot(writeSpot(made.spot), contents.columns)).toEqual(made);
    }
    expect(pick(chart, 0)).not.toBeNull();
  });

  it.each([["not JSON"], ["{}"], ["[]"], ["null"], ['["a"]'], ['["a",{}]'], ["[1,2]"], ['["a","x","month"]'], ['["a","x",5]'], ['["a","b","fortnight"]']])("and takes %s for none", (text) => {
    expect(readSpot(text, contents.columns)).toBeNull();
  });
});
