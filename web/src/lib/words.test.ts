import { describe, expect, it } from "vitest";
import type { ColumnProfile, Measure } from "./api/types";
import { labelled } from "@/test/fixtures";
import { isRate, keepTogether, say, sayFilter, sayMeasure, shownUnit, typeset } from "./words";

const COLUMNS = labelled("order_date", "unit_price");

it("a column is called what the report calls it, or by its own name", () => {
  const columns = new Map([["outdoor_c", { inferred_type: "numeric" as const, label: "outdoor °C" }]]);

  expect(["outdoor_c", "fee_eur", " "].map((name) => say(name, columns))).toEqual(["outdoor °C", "fee_eur", "unnamed column"]);
});

describe("a measure in words", () => {
  it.each<[Partial<Measure> & Pick<Measure, "metric">, string]>([
    [{ metric: "count" }, "Rows"],
    [{ metric: "sum", column: "revenue", by: "order_date", grain: "month" }, "Sum of revenue per month of order date"],
    [{ metric: "mean", column: "unit_price", filters: [{ column: "region", op: "eq", value: "North" }] }, "Average of unit price, where region is North"],
    [
      { metric: "share_rows", filters: [{ column: "returned", op: "eq", value: "yes" }, { column: "region", op: "eq", value: "West" }], baseline: [{ column: "region", op: "eq", value: "West" }] },
      "Share of rows, where returned is yes and region is West, of the rows where region is West",
    ],
    [{ metric: "correlation", column: "units", column2: "revenue" }, "Pearson’s correlation of units and revenue"],
    [{ metric: "share_rows", filters: [{ column: "note", op: "is_missing" }] }, "Share of rows, where note is missing"],
    [{ metric: "mean", column: "age", filters: [{ column: "note", op: "mentions", value: "refund" }] }, "Average of age, where note mentions “refund”"],
    [{ metric: "mean", column: "age", filters: [{ column: "note", op: "not_mentions", value: "refund" }] }, "Average of age, where note does not mention “refund”"],
    [
      { metric: "ratio", of: "count", filters: [{ column: "region", op: "eq", value: "West" }, { column: "returned", op: "eq", value: true }], baseline: [{ column: "region", op: "eq", value: "West" }, { column: "returned", op: "not_missing" }] },
      "Share where returned is yes, of rows where region is West and returned is known",
    ],
    [{ metric: "ratio", of: "count", by: "region", filters: [{ column: "late", op: "eq", value: "yes" }] }, "Share where late is yes, by region, of all rows"],
    [{ metric: "argmax", column: "revenue", by: "region" }, "Region with the greatest sum of revenue"],
    [{ metric: "count", column: "age", by: "age", binWidth: 10 }, "Rows by age"],
    [{ metric: "quantile", column: "age", q: 0.75 }, "75% quantile of age"],
  ])("%o", (measure, words) => {
    expect(sayMeasure({ filters: [], baseline: [], ...measure }, COLUMNS)).toBe(words);
  });

  it("a change names both sides", () => {
    const month = (value: [string, string]) => [{ column: "day", op: "between" as const, value }];

    const words = sayMeasure({ metric: "change", column: "revenue", filters: month(["2025-05-01", "2025-05-31"]), baseline: month(["2025-04-01", "2025-04-30"]) }, COLUMNS);

    expect(sayMeasure({ metric: "change", column: "revenue", column2: "units", filters: [], baseline: [] }, COLUMNS)).toBe("Relative change of the sum of revenue divided by the sum of units, against all rows");
    expect(words).toBe("Relative change of the sum of revenue, where day lies between May 1, 2025 and May 31, 2025, against rows where day lies between Apr 1, 2025 and Apr 30, 2025");
  });
});

it("only what counts its cases among others is a rate", () => {
  const cases = [{ column: "late", op: "eq" as const, value: "yes" }];
  const west = [{ column: "region", op: "eq" as const, value: "West" }];

  expect(isRate({ metric: "ratio", of: "count", filters: cases, baseline: [] })).toBe(true);
  expect(isRate({ metric: "ratio", of: "count", filters: cases, baseline: west })).toBe(false);
  expect(isRate({ metric: "ratio", of: "count", filters: [], baseline: [] })).toBe(false);
  expect(isRate({ metric: "ratio", of: "mean", column: "amount", filters: west, baseline: [] })).toBe(false);
  expect(shownUnit({ measure: { metric: "ratio", of: "count", filters: cases, baseline: [] }, unit: null })).toBe("share");
});

it("a date stays on one line", () => {
  expect(keepTogether("from 61 in Jan 2025 to 3 Jun 2026 or Q2 2026; 12 units")).toBe("from 61 in Jan\u00a02025 to 3\u00a0Jun\u00a02026 or Q2\u00a02026; 12 units");
});

it("a code stays on one line when a figure follows its hyphen, words do not", () => {
  expect(keepTogether("B-03 and SO-10001 in 2019-20, well-known pay-as-you-go")).toBe("B-\u206003 and SO-\u206010001 in 2019-\u206020, well-known pay-as-you-go");
});

it("years have no thousands mark, amounts do", () => {
  const columns = new Map([["year", { inferred_type: "numeric", subtype: "year" } as ColumnProfile]]);
  const between = { op: "between" as const, value: [1970, 2013] };

  expect(sayFilter({ column: "year", ...between }, columns)).toBe("year lies between 1970 and 2013");
  expect(sayFilter({ column: "amount", ...between }, columns)).toBe("amount lies between 1,970 and 2,013");
  expect(sayFilter({ column: "postcode", op: "eq", value: 10035 }, columns)).toBe("postcode is 10035");
});

it("a name from right to left does not turn the sentence", () => {
  expect(typeset("Rows by \u05e2\u05d9\u05e8, 400 in all")).toBe("Rows by \u2068\u05e2\u05d9\u05e8\u2069, 400 in all");
  expect(typeset("\u062a\u0644 \u0623: 3")).toBe("\u2068\u062a\u0644 \u0623\u2069: 3");
});
