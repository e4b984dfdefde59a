import { expect, it } from "vitest";
import { formatNumber, formatPrecisely } from "@/lib/format";
import { roundPeriods, roundTicks, tellingApart, twoLines, withoutSharedDay } from "./ticks";

it.each([
  ["from nothing to a little", 0, 2.54, {}, [0, 1, 2, 3]],
  ["thousands", 0, 27_423, {}, [0, 10_000, 20_000, 30_000]],
  ["a window far from zero", 948, 1223, {}, [900, 1000, 1100, 1200, 1300]],
  ["both sides of zero", -0.21, 0.35, {}, [-0.4, -0.2, 0, 0.2, 0.4]],
  ["a few rows, none of them halved", 0, 3, { isWhole: true }, [0, 1, 2, 3]],
  ["one value", 7, 7, { isWhole: true }, [6, 8]],
  ["nothing but zero", 0, 0, {}, [0, 0.25]],
])("an axis has round marks: %s", (_, low, high, options, ticks) => {
  expect(roundTicks(low, high, { wanted: 5, ...options })).toEqual(ticks);
});

it.each([
  ["Hardware", ["Hardware"]],
  ["Social Insurance Taxes and Contributions", ["Social Insurance", "Taxes and Contribut…"]],
  ["Donaudampfschifffahrtsgesellschaft", ["Donaudampfschifffah…"]],
])("%s has no more than two lines", (name, lines) => {
  expect(twoLines(name, (text) => text.length <= 20)).toEqual(lines);
});

it.each([
  ["far from zero and close together", [1012.5, 1012.75, 1013], ["1,012.5", "1,012.75", "1,013"]],
  ["far apart", [0, 20_000, 40_000], ["0", "20k", "40k"]],
])("marks %s are told apart", (_, marks, said) => {
  const way = tellingApart(marks, [(value) => formatNumber(value, null, "short"), (value) => formatPrecisely(value, null)]);

  expect(marks.map(way)).toEqual(said);
});

const years = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const months = (from: number, to: number) => years(from, to).flatMap((year) => Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, "0")}`));

it.each([
  ["a few years", years(2014, 2017), "year", ["2014", "2015", "2016", "2017"]],
  ["many years", years(1946, 1984), "year", ["1950", "1960", "1970", "1980"]],
  ["a century", years(1921, 2024), "year", ["1940", "1960", "1980", "2000", "2020"]],
  ["the months of a year", months(2023, 2023), "month", ["2023-01", "2023-04", "2023-07", "2023-10"]],
  ["the months of four years", months(2014, 2017), "month", ["2014-01", "2015-01", "2016-01", "2017-01"]],
  ["quarters", years(2006, 2009).flatMap((year) => [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`)), "quarter", ["2006-Q1", "2007-Q1", "2008-Q1", "2009-Q1"]],
  ["no periods", ["a", "b", "c"], null, ["a", "b", "c"]],
] as const)("an axis of periods is marked at round ones: %s", (_, keys, grain, marked) => {
  expect(roundPeriods(keys, grain, 5).map((place) => keys[place])).toEqual(marked);
});

it("the minutes of one day are marked by their time alone", () => {
  const oneDay = ["Jul 31, 2018, 6:22 PM", "Jul 31, 2018, 6:53 PM"];

  expect(oneDay.map(withoutSharedDay(oneDay))).toEqual(["6:22 PM", "6:53 PM"]);
  expect(oneDay.map(withoutSharedDay([...oneDay, "Aug 1, 2018, 1:00 AM"]))).toEqual(oneDay);
});
