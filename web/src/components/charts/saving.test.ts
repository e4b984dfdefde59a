import { expect, it } from "vitest";
import { salesReport } from "@/test/fixtures";
import type { ChartSpec } from "@/lib/api/types";
import { chartCsv, fileNameOf } from "./saving";
import { drawnFact, namedIndex } from "./series";

const facts = new Map(salesReport.facts.map((fact) => [fact.id, fact]));
const line = salesReport.chartSpecs.find((chart) => chart.type === "line")!;
const bars = salesReport.chartSpecs.find((chart) => chart.type === "bar")!;

it("a chart's figures are saved with every digit", () => {
  const [head, first] = chartCsv(line, drawnFact(line, facts)).split("\r\n");

  expect(head).toBe("Order date,Revenue");
  expect(first).toBe("2025-01,16782.58");
});

it("text that a spreadsheet would run is defused, and quotes are doubled", () => {
  const chart: ChartSpec = { ...bars, xLabel: 'say "what"', yLabel: "n", data: [{ x: "=cmd()", y: -5 }, { x: "a,b", y: null }] };

  expect(chartCsv(chart)).toBe('"say ""what""",n\r\n\'=cmd(),-5\r\n"a,b",\r\n');
});

it.each(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])("text that begins with %j is defused", (start) => {
  const chart: ChartSpec = { ...bars, xLabel: `${start}label`, yLabel: "n", data: [{ x: `${start}cmd`, y: 1 }] };
  const [label, key] = chartCsv(chart).match(/'[^,"]+/g)!;

  expect([label, key]).toEqual([`'${start}label`, `'${start}cmd`]);
});

it("a bin is saved with both its edges", () => {
  const histogram = salesReport.chartSpecs.find((chart) => chart.type === "histogram")!;

  expect(chartCsv(histogram).split("\r\n")[0]).toBe(`${histogram.xLabel} from,${histogram.xLabel} to,Rows`);
});

it("the file is named after the finding", () => {
  expect(fileNameOf({ ...line, title: "Revenue peaked in Mar 2026, at 44,393" }, "png")).toBe("revenue-peaked-in-mar-2026-at-44-393.png");
  expect(fileNameOf({ ...line, title: "…" }, "csv")).toBe("chart.csv");
});

it("the point that a title names is known, and only that", () => {
  expect(namedIndex(line, drawnFact(line, facts))).toBe(14);
  expect(namedIndex(bars, drawnFact(bars, facts))).toBe(0);
  expect(namedIndex({ ...line, titleTemplate: "Revenue by month" }, drawnFact(line, facts))).toBeNull();
});
