import { describe, expect, it } from "vitest";
import type { Fact } from "@/lib/api/types";
import { binWidth, chartOfFact, fittingGrain, ordersOf, redrawn, spreadChart, spreadMeasure, timeChart, timeMeasure } from "./from-fact";
import { labelled } from "@/test/fixtures";

const factWith = (value: Fact["value"]): Fact => ({ id: "f_1", measure: { metric: "count", filters: [], baseline: [] }, value, unit: "rows", n: Array.isArray(value) ? value.reduce((sum, entry) => sum + (entry.n ?? 0), 0) : 6 });

describe("the width of a bin", () => {
  it.each([[0, 100, false, 10], [0, 1, false, 0.1], [12, 374, false, 25], [1, 8, true, 1], [0, 1_000_000, true, 100_000], [5, 5, false, null]])("of %d to %d", (low, high, isWhole, width) => {
    expect(binWidth(low, high, isWhole)).toBe(width);
  });
});

it("a column's spread has its empty bins", () => {
  const chart = spreadChart(factWith([{ key: 0, value: 4, n: 4 }, { key: 20, value: 2, n: 2 }]), "unit price", 10, "$");

  expect(chart.data).toEqual([{ x: 0, to: 10, y: 4 }, { x: 10, to: 20, y: 0 }, { x: 20, to: 30, y: 2 }]);
  expect(chart).toMatchObject({ type: "histogram", title: "How unit price is spread", xLabel: "unit price ($)" });
});

it("the last bin holds its upper edge where no value is beyond it", () => {
  const fact = factWith([{ key: 80, value: 4, n: 4 }, { key: 90, value: 2, n: 2 }, { key: 100, value: 3, n: 3 }]);

  expect(spreadChart(fact, "mark", 10, null, { isWhole: true, most: 100 }).data).toEqual([{ x: 80, to: 90, y: 4 }, { x: 90, to: 100, y: 5, closed: true }]);
  expect(spreadChart(fact, "mark", 10, null, { isWhole: true, most: 104 }).data).toHaveLength(3);
});

it("a bin of one whole number is that number", () => {
  const chart = spreadChart(factWith([{ key: 1, value: 4, n: 4 }, { key: 2, value: 2, n: 2 }]), "rooms", 1, null, { isWhole: true, most: 2 });

  expect(chart.data).toEqual([{ x: 1, y: 4 }, { x: 2, y: 2 }]);
});

it("values far away do not ask for millions of bins", () => {
  const chart = spreadChart(factWith([{ key: 0, value: 4, n: 4 }, { key: 1e9, value: 2, n: 2 }]), "amount", 1, null);

  expect(chart.data).toHaveLength(2);
});

it("a long tail of a few values is left out and said", () => {
  const near = Array.from({ length: 20 }, (_, place) => ({ key: place * 10, value: 50, n: 50 }));

  const chart = spreadChart(factWith([...near, { key: 1400, value: 1, n: 1 }, { key: 1e6, value: 2, n: 2 }]), "amount", 10, null);

  expect(chart.data).toHaveLength(20);
  expect(chart.note).toBe("Drawn are 1,000 of 1,003 values; the others lie far outside.");
});

it("a column of names is spread by value, the rest folded", () => {
  const chart = spreadChart(factWith([{ key: "a", value: 4, n: 4 }, { key: null, value: 1, n: 1 }, { key: "Other", value: 1, n: 1, other: 9 }]), "region", null, null);

  expect(chart.data.map((record) => record.x)).toEqual(["a", "no value", "Other (9 values)"]);
  expect(chart.alt).toContain("highest 4 rows (a)");
  expect(spreadMeasure("region", null, 12)).toMatchObject({ by: "region", limit: 12 });
});

it("a day is drawn with all of its hours, as many names are not", () => {
  const value = Array.from({ length: 24 }, (_, hour) => ({ key: hour, value: 400 + hour, n: 30 }));
  const hourly: Fact = { id: "f_1", measure: { metric: "mean", column: "level", by: "at", grain: "hour_of_day", filters: [], baseline: [] }, value, unit: null, n: 720 };

  expect(chartOfFact(hourly, new Map())).toMatchObject({ type: "bar", pointsShown: 24 });
  expect(chartOfFact({ ...hourly, measure: { ...hourly.measure, by: "town", grain: null } }, new Map())).toBeNull();
});

it("how often something holds by group is drawn as shares", () => {
  const known = { column: "returned", op: "not_missing" as const };
  const yes = { column: "returned", op: "eq" as const, value: true };
  const value = [0.204, 0.062, 0.015].map((rate, index) => ({ key: `group ${index}`, value: rate }));
  const fact = { id: "f_1", measure: { metric: "ratio", by: "category", filters: [yes], baseline: [known] }, value, unit: null, n: 106 } as unknown as Fact;

  const chart = chartOfFact(fact, labelled())!;

  expect(chart).toMatchObject({ title: "Share where returned is yes, by category", subtitle: "Of rows where returned is known", unit: "share", type: "bar" });
  expect(chart.pointsTotal).toBe(chart.pointsShown);
  expect(chart.alt).toContain("highest 20%");
});

it("a closed bin of a part counts the values at its upper edge too", () => {
  const bins = spreadChart(factWith([{ key: 80, value: 4, n: 4 }, { key: 90, value: 2, n: 2 }]), "mark", 10, null);
  const closed = { ...bins, data: [bins.data[0]!, { ...bins.data[1]!, closed: true }] };

  const part = redrawn(closed, factWith([{ key: 90, value: 1, n: 1 }, { key: 100, value: 3, n: 3 }]), "Of a part", labelled());

  expect(part.data.map((record) => record.y)).toEqual([0, 4]);
});

it("a part of an ordered category stands in the order of the whole", () => {
  const whole = { ...spreadChart(factWith([{ key: "65+", value: 9, n: 9 }, { key: "18-24", value: 3, n: 3 }]), "age", null, null), order: [1, 0], data: [{ x: "18-24", y: 3 }, { x: "65+", y: 9 }] };

  const part = redrawn(whole, factWith([{ key: "65+", value: 2, n: 2 }, { key: "18-24", value: 1, n: 1 }]), "Of a part", labelled());

  expect(part.data.map((record) => record.x)).toEqual(["18-24", "65+"]);
  expect(part.order).toEqual([1, 0]);
});

describe("a column of dates", () => {
  it.each([
    ["2026-01-01", "2026-01-02", "day"], ["2026-01-01T00:00:00", "2026-01-02T12:00:00", "hour"], ["2026-01-01", "2026-03-31", "day"],
    ["2014-01-03", "2017-12-30", "month"], ["2001-01-01", "2020-12-31", "quarter"], ["1928-12-31", "2010-01-01", "year"], ["0001-01-01", "9999-12-31", "year"],
  ])("from %s to %s goes by %s", (first, last, grain) => {
    expect(fittingGrain(first, last)).toBe(grain);
  });

  it("is drawn by period, also where nothing falls into one", () => {
    const chart = timeChart(factWith([{ key: "2025-11", value: 4, n: 4 }, { key: "2026-02", value: 2, n: 2 }, { key: null, value: 0, n: 0 }]), "Order Date", "month", "3 Nov 2025 to 7 Feb 2026");

    expect(chart).toMatchObject({ type: "line", title: "Rows per month of Order Date", subtitle: "6 rows in all, 3 Nov 2025 to 7 Feb 2026" });
    expect(chart.data).toEqual([{ x: "2025-11", y: 4 }, { x: "2025-12", y: 0 }, { x: "2026-01", y: 0 }, { x: "2026-02", y: 2 }]);
    expect(chart.alt).toContain("highest 4 rows (Nov 2025)");
    expect(timeMeasure("day", "month")).toMatchObject({ by: "day", grain: "month", filters: [{ op: "not_missing" }] });
  });

  it.each([
    ["quarter", "2025-Q3", "2026-Q2", 4], ["day", "2024-02-28", "2024-03-01", 3], ["hour", "2025-12-31T22", "2026-01-01T01", 4], ["year", "1998", "2001", 4],
  ] as const)("by %s runs from %s to %s in %d steps", (grain, first, last, steps) => {
    const chart = timeChart(factWith([{ key: first, value: 1, n: 1 }, { key: last, value: 1, n: 1 }]), "day", grain, null);

    expect(chart.data).toHaveLength(steps);
    expect(chart.data.at(-1)).toEqual({ x: last, y: 1 });
  });
});

describe("the order that a chart of the report tells", () => {
  const byAge = (value: Fact["value"]) => ({ ...factWith(value), measure: { metric: "mean", column: "spent", by: "age", filters: [], baseline: [] } }) as unknown as Fact;
  const largestFirst = byAge([{ key: "65+", value: 9, n: 9 }, { key: "18-24", value: 3, n: 3 }, { key: "25-64", value: 2, n: 2 }]);
  const told = { ...chartOfFact(largestFirst, labelled())!, order: [1, 2, 0], data: [{ x: "18-24", y: 3 }, { x: "25-64", y: 2 }, { x: "65+", y: 9 }] };
  const orders = ordersOf([told], new Map([[largestFirst.id, largestFirst]]));

  it("holds for what a finding rests on", () => {
    const own = chartOfFact(byAge([{ key: "25-64", value: 8, n: 4 }, { key: "65+", value: 7, n: 3 }, { key: "18-24", value: 1, n: 3 }]), labelled(), orders)!;

    expect(own.data.map((record) => record.x)).toEqual(["18-24", "25-64", "65+"]);
    expect(own.order).toEqual([2, 0, 1]);
  });

  it("holds for the column's own spread, rows without a value last, and not where a rest is folded", () => {
    const counted: Fact["value"] = [{ key: "65+", value: 9, n: 9 }, { key: null, value: 4, n: 4 }, { key: "18-24", value: 3, n: 3 }];
    const namesOf = (value: Fact["value"]) => spreadChart(factWith(value), "age", null, null, { names: orders.get("age") }).data.map((record) => record.x);

    expect(namesOf(counted)).toEqual(["18-24", "65+", "no value"]);
    expect(namesOf([...counted, { key: "Other", value: 1, n: 1, other: 2 }])).toEqual(["65+", "no value", "18-24", "Other (2 values)"]);
  });
});
