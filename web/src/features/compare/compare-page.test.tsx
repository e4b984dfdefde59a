import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Report } from "@/lib/api/types";
import { salesReport } from "@/test/fixtures";
import { where } from "@/test/navigation";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { ComparePage } from "./compare-page";
import { differencesOf } from "./differences";

const [first, second, third] = salesReport.insights.analystInsights;
const withInsights = (analystInsights: Report["insights"]["analystInsights"]): Report => ({ ...salesReport, insights: { ...salesReport.insights, analystInsights } });

describe("what differs between two reports (H8)", () => {
  it("is nothing between a report and itself", () => {
    const found = differencesOf(salesReport, salesReport);

    expect([found.insights, found.columns, found.figures]).toEqual([[], [], []]);
    expect(found.sameInsights).toBe(salesReport.insights.analystInsights.length);
    expect(found.sameFigures).toBeGreaterThan(20);
  });

  it("findings are new, gone or read otherwise", () => {
    const before = withInsights([first!, { ...second!, headline: "It was so before" }]);
    const after = withInsights([second!, third!]);

    expect(differencesOf(before, after).insights).toEqual([
      { change: "changed", headline: second!.headline, before: "It was so before" },
      { change: "new", headline: third!.headline },
      { change: "gone", headline: first!.headline },
    ]);
  });

  it("of two findings about one subject each meets its own", () => {
    const twin = { ...first!, id: "i_twin", headline: "Another finding about the same" };

    expect(differencesOf(withInsights([first!, twin]), withInsights([twin, first!])).insights).toEqual([]);
  });

  it("two tables without a common column are told apart", () => {
    const other: Report = { ...salesReport, schema: salesReport.schema.map((column) => ({ ...column, name: `${column.name} of another table` })) };

    expect(differencesOf(salesReport, other).haveNothingInCommon).toBe(true);
    expect(differencesOf(salesReport, salesReport).haveNothingInCommon).toBe(false);
  });

  it("columns are new, gone or of another type", () => {
    const [one, two, ...rest] = salesReport.schema;
    const after = { ...salesReport, schema: [{ ...two!, inferred_type: "text" as const }, { ...one!, name: "added" }, ...rest] };

    expect(differencesOf(salesReport, after).columns).toEqual([
      { change: "changed", name: two!.name, note: "date or time before, text now" },
      { change: "new", name: "added", note: one!.inferred_type },
      { change: "gone", name: one!.name, note: one!.inferred_type },
    ]);
  });

  it("figures of the cards come first, with how much they moved", () => {
    const id = salesReport.kpis.cards[0]!.factId;
    const after = { ...salesReport, facts: salesReport.facts.map((fact) => (fact.id === id ? { ...fact, value: (fact.value as number) * 2 } : fact)) };

    expect(differencesOf(salesReport, after).figures).toEqual([{ name: "Sum of revenue", before: "377,222", after: "754,444", share: 1 }]);
  });
});

describe("the page", () => {
  beforeEach(() => {
    where.query = "a=job_1&b=job_2";
  });

  it("lays two analyses side by side and can turn them round", async () => {
    const after = withInsights([first!]);
    const gone = salesReport.insights.analystInsights.length - 1;
    serve({ "GET /api/result": ({ path }) => ({ body: path.includes("job_1") ? salesReport : after }) });

    show(<ComparePage />);

    const title = await screen.findByRole("heading", { level: 1, name: `${gone} findings differ.` });
    expect(title).toBeInTheDocument();
    expect(within(screen.getByRole("heading", { name: "Findings" }).closest("section")!).getAllByText("Gone")).toHaveLength(gone);
    expect(screen.getByRole("link", { name: "Swap" })).toHaveAttribute("href", "/compare/?a=job_2&b=job_1");
  });

  it.each([
    ["None reads the same.", withInsights([first!]), withInsights([third!])],
    ["Neither has one.", withInsights([]), withInsights([])],
    ["No difference. 1 finding reads the same.", withInsights([first!]), withInsights([first!])],
    ["1 finding reads the same.", withInsights([first!]), withInsights([first!, third!])],
  ])("says of findings: %s", async (words, before, after) => {
    serve({ "GET /api/result": ({ path }) => ({ body: path.includes("job_1") ? before : after }) });

    show(<ComparePage />);

    const part = (await screen.findByRole("heading", { name: "Findings" })).closest("section")!;
    expect(within(part).getByText(words)).toBeInTheDocument();
  });

  it("says so when one of them is not there any more", async () => {
    serve({});

    show(<ComparePage />);

    expect(await screen.findByRole("heading", { level: 1, name: "These cannot be compared." })).toBeInTheDocument();
  });

  it("sends who names no two to the history", () => {
    where.query = "a=job_1";
    serve({});

    show(<ComparePage />);

    expect(screen.getByRole("link", { name: "Open the history" })).toHaveAttribute("href", "/history/");
  });
});
