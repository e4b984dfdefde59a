import { describe, expect, it } from "vitest";
import { salesReport } from "@/test/fixtures";
import type { ChartSpec, Fact } from "@/lib/api/types";
import { bridgesOf, grainOf, isDwarfing, isLying, keyAt, namedIndex, pointsOf, tableOf } from "./series";

const line = salesReport.chartSpecs.find((chart) => chart.type === "line")!;
const facts = new Map<string, Fact>(salesReport.facts.map((fact) => [fact.id, fact]));
const chartWith = (changes: Partial<ChartSpec>): ChartSpec => ({ ...line, factIds: [], ...changes });

it("the grain of a chart comes from the measure behind it", () => {
  expect(grainOf(line, facts)).toBe("month");
  expect(grainOf(chartWith({ type: "bar" }), facts)).toBeNull();
});

it.each([[["1962", "1963"], "year"], [["2024-01", "2024-02"], "month"], [["2024-01", "other"], null]])("a line over columns named %j has the grain %s", (names, grain) => {
  expect(grainOf(chartWith({ xKey: "x", data: names.map((x) => ({ x, y: 1 })) }), facts)).toBe(grain);
});

describe("points", () => {
  it("names that look like paths are only names", () => {
    const chart = chartWith({ xKey: "a.b", yKey: "c[0]", data: [{ "a.b": "2024-03", "c[0]": 5 }] });

    expect(pointsOf(chart, "month")).toEqual([{ x: "2024-03", y: 5, label: "Mar 2024", isOther: false, isMissing: false }]);
  });

  it("a missing value is a gap, not a zero", () => {
    const chart = chartWith({ data: [{ x: "2024-01", y: 1 }, { x: "2024-02", y: null }, { x: "2024-03" }] });

    expect(pointsOf(chart, "month").map((point) => point.y)).toEqual([1, null, null]);
  });

  it("a histogram's bin is named by both edges", () => {
    const chart = chartWith({ type: "histogram", data: [{ x: 0, to: 100, y: 7 }] });

    expect(pointsOf(chart, null)[0]?.label).toBe("0–100");
  });

  it("the bar of the rows without a value is no group among the others", () => {
    const chart = chartWith({ type: "bar", data: [{ x: "no value", y: 3 }, { x: "North", y: 2 }] });

    expect(pointsOf(chart, null).map((point) => point.isMissing)).toEqual([true, false]);
  });

  it("the bar of all further values is known by its name", () => {
    const chart = chartWith({ type: "bar", data: [{ x: "Other (14 values, 12%)", y: 3 }, { x: "Others", y: 2 }] });

    expect(pointsOf(chart, null).map((point) => point.isOther)).toEqual([true, false]);
  });
});

it("bars lie down for names and stand up for periods", () => {
  const bars = chartWith({ type: "bar", data: [{ x: "North", y: 1 }] });

  expect([isLying(bars, null), isLying(bars, "weekday"), isLying(chartWith({}), null)]).toEqual([true, false, false]);
});

it("months and days of the week stand up under their short names", () => {
  const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const bars = chartWith({ type: "bar", order: months.map((_, index) => index), data: months.map((x) => ({ x, y: 1 })) });

  expect(isLying(bars, null)).toBe(false);
});

it("the weekday that a title names is found by its name", () => {
  const days = chartWith({ type: "bar", titleTemplate: "{f_0123abcd[1].key} is the highest day", data: [{ x: "Monday", y: 1 }, { x: "Tuesday", y: 2 }] });
  const fact = { id: "f_0123abcd", measure: { metric: "sum", column: "spent", by: "day", grain: "weekday" }, value: [{ key: 1, value: 1, n: 1 }, { key: 2, value: 2, n: 1 }] } as unknown as Fact;

  expect(namedIndex(days, fact)).toBe(1);
});

describe("a category with an order of its own", () => {
  const ages = chartWith({ type: "bar", titleTemplate: "{f_0123abcd[0].key} leads", order: [1, 2, 0], data: [{ x: "18-24", y: 3 }, { x: "25-34", y: 1 }, { x: "65+", y: 9 }] });
  const fact = { id: "f_0123abcd", measure: { metric: "sum", column: "spent", by: "age" }, value: [{ key: "65+", value: 9, n: 1 }, { key: "18-24", value: 3, n: 1 }, { key: "25-34", value: 1, n: 1 }] } as unknown as Fact;

  it("stands up where its names are short", () => {
    const long = chartWith({ ...ages, data: [{ x: "Neither agree nor disagree", y: 3 }, { x: "Strongly agree, in every case", y: 1 }] });

    expect([isLying(ages, null), isLying(long, null)]).toEqual([false, true]);
  });

  it("keeps the bar that the title names, and the key behind each bar", () => {
    expect(namedIndex(ages, fact)).toBe(2);
    expect([0, 1, 2].map((index) => keyAt(ages, fact, index))).toEqual(["18-24", "25-34", "65+"]);
  });
});

it("the table has every point, with the unit on what was measured", () => {
  const chart = chartWith({ unit: "$", xLabel: "month", yLabel: "revenue", data: [{ x: "2024-01", y: 1200 }, { x: "2024-02", y: null }] });

  expect(tableOf(chart, "month")).toEqual({ head: ["month", "revenue"], rows: [["Jan 2024", "$1,200"], ["Feb 2024", "—"]] });
});

it("both axes of a cloud have their unit", () => {
  const cloud = chartWith({ type: "scatter", xUnit: "€", unit: "share", xLabel: "price", yLabel: "margin", data: [{ x: 1200, y: 0.25 }] });

  expect(tableOf(cloud, null).rows).toEqual([["€1,200", "25%"]]);
});

it("bins are written with the digits that tell their edges apart", () => {
  const fine = chartWith({ type: "histogram", data: [{ x: 1.029, to: 1.0295, y: 4 }, { x: 1.0295, to: 1.03, y: 2 }] });

  expect(pointsOf(fine, null).map((point) => point.label)).toEqual(["1.029–1.0295", "1.0295–1.03"]);
});

it("a title of two ends names the last one", () => {
  const value = ["2024-01", "2024-02", "2024-03"].map((key, index) => ({ key, value: index, n: 1 }));
  const fact = { id: "f_00000001", measure: { metric: "sum", grain: "month", by: "day" }, value, n: 3 } as unknown as Fact;
  const data = value.map((entry) => ({ x: entry.key, y: entry.value }));

  expect(namedIndex(chartWith({ data, titleTemplate: "Rose from {f_00000001[0].value} in {f_00000001[0].key} to {f_00000001[2].value} in {f_00000001[2].key}" }), fact)).toBe(2);
});

it.each([
  ["a weekend", [1, null, null, 4], [1, 2, 3, 4]],
  ["a longer gap", [1, null, null, null, 5], [null, null, null, null, null]],
  ["the ends of the data", [null, 1, 2, null], [null, null, null, null]],
  ["two gaps beside one value", [1, null, 3, null, 5], [1, 2, 3, 4, 5]],
])("a thin line passes over %s as far as it may", (_, values, bridges) => {
  expect(bridgesOf(values)).toEqual(bridges);
});

it("the rest is drawn as a bar only where the others stay in sight", () => {
  const bars = (rest: number) => pointsOf(chartWith({ type: "bar", data: [{ x: "A", y: 10 }, { x: "B", y: 8 }, { x: "Other (16 values, 59%)", y: rest }] }), null);

  expect(isDwarfing(bars(14))).toBe(false);
  expect(isDwarfing(bars(40))).toBe(true);
});
