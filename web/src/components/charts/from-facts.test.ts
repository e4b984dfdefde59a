import { expect, it } from "vitest";
import type { Fact, Filter, Measure } from "@/lib/api/types";
import { labelled } from "@/test/fixtures";
import { chartOfFacts } from "./from-facts";

const COLUMNS = labelled("closed_at", "opened_at");

let made = 0;
const fact = (value: number, measure: Partial<Measure>, unit: string | null = null) => ({ id: `f_${(made += 1)}`, measure: { filters: [], baseline: [], ...measure }, value, unit, n: 9 }) as unknown as Fact;
const where = (column: string, op: Filter["op"], value: unknown) => ({ column, op, value }) as Filter;
const barsOf = (facts: Fact[]) => chartOfFacts(facts, COLUMNS)?.data.map((record) => [record.x, record.y]);

it("bands follow each other from the lowest to the highest, the finest that do", () => {
  const wait = { metric: "mean" as const, column: "closed_at", minus: "opened_at" };
  const facts = [
    fact(-0.7, { metric: "correlation", column: "closed_at", minus: "opened_at", column2: "amount" }),
    fact(12.5, { ...wait, filters: [where("amount", "lt", 3000)] }, "days"),
    fact(2.9, { ...wait, filters: [where("amount", "ge", 8000)] }, "days"),
    fact(20, { ...wait, filters: [where("amount", "lt", 1000)] }, "days"),
    fact(8, { ...wait, filters: [where("amount", "ge", 1000), where("amount", "lt", 5000)] }, "days"),
    fact(3, { ...wait, filters: [where("amount", "ge", 5000)] }, "days"),
  ];

  expect(barsOf(facts)).toEqual([["Below 1,000", 20], ["1,000 to 5,000", 8], ["5,000 or more", 3]]);
  expect(chartOfFacts(facts, COLUMNS)).toMatchObject({ title: "Average time from opened at to closed at, by amount", subtitle: "The parts that the finding compares, in days", unit: "days" });
});

it("a rate is compared in its parts, and the number of rows behind it is not", () => {
  const done = where("state", "eq", "Completed");
  const facts = [
    fact(0, { metric: "ratio", filters: [where("complete", "lt", 10), done], baseline: [where("complete", "lt", 10)] }),
    fact(0.51, { metric: "ratio", filters: [where("complete", "ge", 50), done], baseline: [where("complete", "ge", 50)] }),
    fact(0.25, { metric: "ratio", filters: [done] }),
    fact(127, { metric: "count", filters: [where("complete", "ge", 50), done] }, "rows"),
    fact(127, { metric: "count", filters: [done] }, "rows"),
  ];

  expect(barsOf(facts)).toEqual([["Below 10", 0], ["50 or more", 0.51], ["All rows", 0.25]]);
  expect(chartOfFacts(facts, COLUMNS)).toMatchObject({ title: "Share where state is Completed, by complete", unit: "share" });
});

it("an average stands beside the one without what spoils it", () => {
  const facts = [fact(8443, { metric: "count", filters: [where("level", "eq", -200)] }, "rows"), fact(219, { metric: "mean", column: "level", filters: [where("level", "ne", -200)] }), fact(-159, { metric: "mean", column: "level" })];

  expect(barsOf(facts)).toEqual([["Without −200", 219], ["All rows", -159]]);
  expect(chartOfFacts(facts, COLUMNS)?.title).toBe("Average of level");
});

it("questions asked alike stand side by side under what tells them apart, the best first", () => {
  const asked = ["How do you see: Luke", "How do you see: Jar Jar Binks", "How do you see: Leia"];
  const facts = asked.map((column, index) => fact([0.93, 0.29, 0.9][index]!, { metric: "ratio", filters: [where(column, "in", ["Well", "Very well"])], baseline: [where(column, "not_missing", undefined)] }));

  expect(barsOf(facts)).toEqual([["Luke", 0.93], ["Leia", 0.9], ["Jar Jar Binks", 0.29]]);
  expect(chartOfFacts(facts, COLUMNS)).toMatchObject({ title: "Share where the answer is Well or Very well", unit: "share" });
});

it("several shares of one column are no questions", () => {
  const facts = [0.9, 0.8, 0.6].map((share, index) => fact(share, { metric: "ratio", filters: [where("area", "ge", 100)], baseline: [where("level", "eq", index)] }));

  expect(chartOfFacts(facts, COLUMNS)).toBeNull();
});

it("questions whose words are cut alike are told apart by what they ask about", () => {
  const question = "Please state whether you view the following characters favorably or not.";
  const asked = ["Luke", "Leia", "Jar Jar Binks"].map((item) => `${question}: ${item}`);
  const columns = new Map(asked.map((name) => [name, { inferred_type: "categorical" as const, label: "Please state whether you view…" }]));
  const facts = asked.map((column, index) => fact(0.9 - index / 10, { metric: "ratio", filters: [where(column, "eq", "Well")], baseline: [where(column, "not_missing", undefined)] }));

  expect(chartOfFacts(facts, columns)?.data.map((record) => record.x)).toEqual(["Luke", "Leia", "Jar Jar Binks"]);
});

it("of a quoted question no quote is left", () => {
  const asked = ["Luke", "Leia", "Jar Jar Binks"].map((item) => `view of ${item}`);
  const columns = new Map(asked.map((name) => [name, { inferred_type: "categorical" as const, label: `“Please state whether … ${name.slice(8)}”` }]));
  const facts = asked.map((column, index) => fact(0.9 - index / 10, { metric: "ratio", filters: [where(column, "eq", "Well")], baseline: [where(column, "not_missing", undefined)] }));

  expect(chartOfFacts(facts, columns)?.data.map((record) => record.x)).toEqual(["Luke", "Leia", "Jar Jar Binks"]);
});

it("columns of some rows say which rows these are", () => {
  const of = (column: string) => [fact(0.3, { metric: "mean", column: "women", filters: [where(column, "eq", "Never married")] }), fact(0.7, { metric: "mean", column: "men", filters: [where(column, "eq", "Never married")] }), fact(0.5, { metric: "mean", column: "crew", filters: [where(column, "eq", "Never married")] })];

  expect(chartOfFacts(of("status"), COLUMNS)?.subtitle).toBe("Status is Never married");
  expect(chartOfFacts(of("Column 2"), COLUMNS)?.subtitle).toBe("“Never married”");
});

it("columns of years keep their order, parts of a total are shares of it", () => {
  const years = ["1962", "2019", "2020"].map((column, index) => fact([9, 12, 11][index]!, { metric: "sum", column }));
  const parts = ["men", "women", "crew"].map((column, index) => fact([0.05, 0.82, 0.13][index]!, { metric: "ratio", column, column2: "total" }));

  expect(barsOf(years)).toEqual([["1962", 9], ["2019", 12], ["2020", 11]]);
  expect(chartOfFacts(years, COLUMNS)).toMatchObject({ title: "Sum of each year", xLabel: "Year" });
  expect(barsOf(parts)?.map(([name]) => name)).toEqual(["women", "crew", "men"]);
  expect(chartOfFacts(parts, COLUMNS)).toMatchObject({ title: "Share of the sum of total", unit: "share" });
});

it.each([
  ["one share of missing cells", [fact(0.2, { metric: "missing_share", column: "age" }, "share"), fact(41, { metric: "missing_count", column: "age" }, "cells")]],
  ["figures of different kinds", [fact(33.8, { metric: "max", column: "x" }), fact(25.1, { metric: "median", column: "x" }), fact(1, { metric: "count", filters: [where("x", "ge", 33)] })]],
  ["parts of two different splits", [fact(1, { metric: "mean", column: "x", filters: [where("a", "eq", "b")] }), fact(2, { metric: "mean", column: "x", filters: [where("c", "eq", "d")] })]],
])("%s is no comparison", (_, facts) => {
  expect(chartOfFacts(facts, COLUMNS)).toBeNull();
});
