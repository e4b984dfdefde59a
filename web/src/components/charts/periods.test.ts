import { expect, it } from "vitest";
import { edgeMarkings, fitting, markings, markWords } from "./periods";

const years = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const months = (from: number, to: number) => years(from, to).flatMap((year) => Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, "0")}`));
const days = (from: string, count: number) => Array.from({ length: count }, (_, index) => new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10));

/** The marks that stand clear on an axis where every place takes so many pixels and every word forty. */
const marked = (keys: readonly string[], grain: Parameters<typeof markings>[1], pixels: number) =>
  fitting(markings(keys, grain), { at: (place) => place * pixels, widthOf: () => 40, gap: 10 }).map((place) => keys[place]);

it.each([
  ["a few years, all of them", years(2014, 2017), "year", 100, ["2014", "2015", "2016", "2017"]],
  ["many years", years(1946, 1984), "year", 8, ["1950", "1960", "1970", "1980"]],
  ["the months of a year", months(2023, 2023), "month", 20, ["2023-01", "2023-04", "2023-07", "2023-10"]],
  ["the months of years", months(2014, 2017), "month", 5, ["2014-01", "2015-01", "2016-01", "2017-01"]],
  ["months that begin in March", months(2004, 2005).slice(2, 16), "month", 20, ["2004-04", "2004-07", "2004-10", "2005-01", "2005-04"]],
  ["quarters", years(2006, 2009).flatMap((year) => [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`)), "quarter", 13, ["2006-Q1", "2007-Q1", "2008-Q1", "2009-Q1"]],
  ["days, on Mondays", days("2024-01-03", 20), "day", 8, ["2024-01-08", "2024-01-15", "2024-01-22"]],
  ["days, on the first of months", days("2024-01-03", 100), "day", 2, ["2024-02-01", "2024-03-01", "2024-04-01"]],
  ["hours", ["2024-01-01T22", "2024-01-01T23", "2024-01-02T00", "2024-01-02T01", "2024-01-02T02"], "hour", 30, ["2024-01-01T22", "2024-01-02T00", "2024-01-02T02"]],
  ["places without a calendar, evenly", ["a", "b", "c", "d", "e"], null, 30, ["a", "c", "e"]],
  ["too little room for two, one", ["a", "b"], null, 20, ["a"]],
] as const)("an axis is marked at round periods as far as there is room: %s", (_, keys, grain, pixels, expected) => {
  expect(marked(keys, grain, pixels)).toEqual(expected);
});

it("a histogram is marked at round edges", () => {
  const edges = Array.from({ length: 19 }, (_, index) => index * 10_000);

  expect(edgeMarkings(edges, 10_000).map((marks) => marks.map((place) => edges[place]!))).toContainEqual([0, 50_000, 100_000, 150_000]);
});

it.each([
  ["a month's year where it changes", ["2004-10", "2005-01", "2005-04"], "month", [["Oct", "2004"], ["Jan", "2005"], ["Apr", null]]],
  ["Januaries are years", ["2004-01", "2005-01"], "month", [["2004", null], ["2005", null]]],
  ["one January is a month", ["2004-01"], "month", [["Jan", "2004"]]],
  ["quarters", ["2004-Q3", "2005-Q1"], "quarter", [["Q3", "2004"], ["Q1", "2005"]]],
  ["days", ["2018-07-31", "2018-08-07"], "day", [["Jul 31", "2018"], ["Aug 7", null]]],
  ["firsts of months are months", ["2018-08-01", "2018-09-01"], "day", [["Aug", "2018"], ["Sep", null]]],
  ["midnights are days", ["2018-07-31T00", "2018-08-02T00"], "hour", [["Jul 31", "2018"], ["Aug 2", null]]],
  ["the minutes of one day have their day once", ["2018-07-31T18:20", "2018-07-31T18:50"], "minute", [["6:20 PM", "Jul 31, 2018"], ["6:50 PM", null]]],
  ["weeks", ["2018-W09", "2018-W10"], "week", [["W9", "2018"], ["W10", null]]],
] as const)("marks say what they belong to once: %s", (_, keys, grain, words) => {
  expect(markWords(keys, grain).map(({ near, far }) => [near.replace("\u202f", " "), far])).toEqual(words);
});
