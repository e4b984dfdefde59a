import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatCell, formatCoefficient, formatCounted, formatDate, formatElapsed, formatNumber, formatPeriod, formatScalar, formatShare } from "./format";

describe("numbers", () => {
  it.each([
    ["a whole number keeps its digits", 48_210, null, "48,210"],
    ["a large fraction is rounded", 604.28, null, "604"],
    ["a small one keeps three figures", 40.512, null, "40.5"],
    ["a currency sign goes in front", 209_255, "$", "$209,255"],
    ["small money has cents", 12.5, "€", "€12.50"],
    ["a currency code is known too", 3200, "GBP", "£3,200"],
    ["a unit goes behind", 51, "days", "51 days"],
    ["one of a unit is singular", 1, "days", "1 day"],
    ["a share is per cent", 0.38, "share", "38%"],
    ["minus is a minus", -0.21, "share", "−21%"],
    ["a word that is no currency stays a unit", 3, "KWH", "3 KWH"],
  ])("%s", (_, value, unit, text) => {
    expect(formatNumber(value, unit)).toBe(text);
  });

  it("an axis shortens thousands and leaves the unit to its label", () => {
    expect(formatNumber(182_000, "kWh", "short")).toBe("182k");
    expect(formatNumber(182_000, "$", "short")).toBe("$182k");
    expect(formatNumber(-2_345_678_901, "€", "short")).toBe("−€2.35bn");
    expect(formatNumber(999_999.7, null, "short")).toBe("1M");
  });

  it.each([
    [0, "0%"],
    [0.0026, "0.3%"],
    [0.00004, "under 0.01%"],
    [0.9996, "99.9%"],
    [1, "100%"],
  ])("a share of %d never turns into nothing or all", (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it.each([
    [0.9267, "0.93"],
    [-0.5, "−0.50"],
    [0.9968, "0.997"],
    [0.99999, "0.999"],
    [1, "1.00"],
  ])("a coefficient of %d is one only where it is", (value, text) => {
    expect(formatCoefficient(value)).toBe(text);
  });

  it("counts agree with their nouns", () => {
    expect([formatCounted(1, "row"), formatCounted(9357, "row"), formatCounted(2, "entry", "entries")]).toEqual(["1 row", "9,357 rows", "2 entries"]);
  });
});

describe("cells", () => {
  it("missing is empty, booleans are words, text stays as it is", () => {
    expect([formatCell(null), formatCell(true), formatCell("<b>x</b>"), formatScalar(null)]).toEqual(["", "yes", "<b>x</b>", "—"]);
  });

  it("identifiers get no thousands mark, and decimals line up", () => {
    expect(formatCell(10_001, { isGrouped: false })).toBe("10001");
    expect(formatCell(944.5, { decimals: 2 })).toBe("944.50");
  });
});

describe("times", () => {
  it.each([
    ["2024-03", undefined, "Mar 2024"],
    ["2024-Q1", undefined, "Q1 2024"],
    ["2024-W09", undefined, "week 9 of 2024"],
    ["2024-03-01", undefined, "Mar 1, 2024"],
    ["2024-03-01T00", "hour", "Mar 1, 2024, 12:00 AM"],
    ["2024-03-01T09:30", "minute", "Mar 1, 2024, 9:30 AM"],
    ["North", undefined, "North"],
    [null, undefined, "(missing)"],
  ] as const)("the period %s is said as people say it", (key, grain, text) => {
    expect(formatPeriod(key, grain).replaceAll("\u202f", " ")).toBe(text);
  });

  it("bare numbers are periods only where the grain says so", () => {
    expect([formatPeriod(6, "weekday"), formatPeriod(3, "month_of_year"), formatPeriod(9, "hour_of_day"), formatPeriod(6)]).toEqual(["Saturday", "March", "09:00", "6"]);
  });

  it("a table's date is not moved by the reader's time zone", () => {
    expect(formatDate("2024-12-31")).toBe("Dec 31, 2024");
    expect(formatDate("no date")).toBe("no date");
  });

  it("durations and distances in time are short", () => {
    expect([formatElapsed(8), formatElapsed(420), formatElapsed(12_900), formatElapsed(185_000)]).toEqual(["under 0.1 s", "0.4 s", "12 s", "3 min 05 s"]);
    expect(formatAgo("2026-11-22T09:55:00Z", Date.parse("2026-11-22T10:00:00Z"))).toBe("5 minutes ago");
  });
});

it.each([
  [0, "0 B"],
  [20_971_520, "20 MB"],
  [1_204_113, "1.1 MB"],
])("%d bytes are said as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
