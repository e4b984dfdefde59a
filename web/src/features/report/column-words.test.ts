import { describe, expect, it } from "vitest";
import type { ColumnProfile } from "@/lib/api/types";
import { rhythmLines, valueWords } from "./column-words";

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
