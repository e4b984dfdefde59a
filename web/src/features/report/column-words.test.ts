import { describe, expect, it } from "vitest";
import type { ColumnProfile } from "@/lib/api/types";
import { cellText, rangeOf, rhythmLines, roleWords, typeWords, valueWords } from "./column-words";

const DAILY = { every: 1, unit: "day", regularity: 1, gaps: 0, gap_from: null, gap_to: null } as const;

describe("how dates follow each other, in words (B3)", () => {
  it.each([
    ["every moment is there", DAILY, [["Usual step", "1 day, every time"], ["Gaps", "none"]]],
    ["steps of several units", { ...DAILY, every: 15, unit: "minute" }, [["Usual step", "15 minutes, every time"], ["Gaps", "none"]]],
    ["only weekdays occur", { ...DAILY, unit: "weekday" }, [["Usual step, weekends left out", "1 weekday, every time"], ["Gaps", "none"]]],
    ["some are missing", { ...DAILY, regularity: 0.96, gaps: 2, gap_from: "2024-01-05", gap_to: "2024-02-01" }, [["Usual step", "1 day, 96% of the time"], ["Gaps", "2"], ["Longest gap", "Jan 5, 2024 to Feb 1, 2024"]]],
    ["no step is usual", { ...DAILY, regularity: 0.2, gaps: null, gap_from: "2024-01-05", gap_to: "2024-02-01" }, [["Usual step", "none; the commonest, 1 day, 20% of the time"], ["Longest step", "Jan 5, 2024 to Feb 1, 2024"]]],
  ] as const)("where %s", (_, rhythm, lines) => {
    expect(rhythmLines(rhythm)).toEqual(lines);
  });
});

it.each([
  ["years", { subtype: "year" }, "2007"],
  ["codes", { inferred_type: "categorical", subtype: "code" }, "2007"],
  ["counts", {}, "2,007"],
  ["lengths", { unit: "mm" }, "2,007 mm"],
] as const)("the value of %s reads as people write it", (_, column, words) => {
  expect(valueWords(2007, { inferred_type: "numeric", subtype: null, unit: null, ...column } as unknown as ColumnProfile)).toBe(words);
});

it.each([
  ["an amount", { inferred_type: "numeric", subtype: "currency", role: "sum" }, "number, currency", "adds up"],
  ["a year", { inferred_type: "numeric", subtype: "year", role: "never" }, "number, year", "is neither added up nor averaged"],
  ["a day", { inferred_type: "datetime", storage: "DATE", role: "never" }, "date", null],
  ["a moment", { inferred_type: "datetime", storage: "TIMESTAMP", role: "never" }, "date and time", null],
  ["an answer", { inferred_type: "boolean", role: "count" }, "yes or no", "is counted"],
  ["an address", { inferred_type: "email", subtype: "email", role: "never" }, "e-mail", null],
] as const)("what %s is and may be used for is said in plain words", (_, column, type, role) => {
  expect([typeWords(column as unknown as ColumnProfile), roleWords(column as unknown as ColumnProfile)]).toEqual([type, role]);
});

describe("values of a column", () => {
  const column = (changes: Partial<ColumnProfile>) => ({ inferred_type: "numeric", subtype: null, unit: null, minimum: null, maximum: null, ...changes }) as ColumnProfile;

  it.each<[string, Partial<ColumnProfile>, string | null]>([
    ["two ends", { minimum: 0.444, maximum: 22638.48 }, "0.444 to 22,638"],
    ["years", { subtype: "year", minimum: 1970, maximum: 2013 }, "1970 to 2013"],
    ["one value, in full", { minimum: 125.5, maximum: 125.5 }, "125.5"],
    ["one day", { inferred_type: "datetime", minimum: "2025-03-01", maximum: "2025-03-01" }, "Mar 1, 2025"],
    ["none", {}, null],
  ])("range of %s", (_, changes, words) => {
    expect(rangeOf(column(changes))).toBe(words);
  });

  it("codes are written as they are, amounts with a thousands mark", () => {
    expect(cellText(10035, column({ inferred_type: "categorical", subtype: "code" }))).toBe("10035");
    expect(cellText(10035, column({}))).toBe("10,035");
  });
});
