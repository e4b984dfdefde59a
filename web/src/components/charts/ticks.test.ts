import { expect, it } from "vitest";
import { formatNumber, formatPrecisely } from "@/lib/format";
import { degreesAxis, haveRoom, namesOnTwoLines, roundTicks, shortNames, tellingApart, trueToScale, twoLines } from "./ticks";

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
  ["the whole world", -179.5, 179.9, 180, [-180, -120, -60, 0, 60, 120, 180], [-180, 180]],
  ["its latitudes", -60, 70, 90, [-60, -30, 0, 30, 60], [-66.5, 76.5]],
  ["one country", 6.4, 14.1, 180, [8, 10, 12, 14], [6.015, 14.485]],
  ["one town", 52.4, 52.6, 90, [52.4, 52.45, 52.5, 52.55, 52.6], [52.39, 52.61]],
  ["degrees counted eastwards all around", 10, 350, 180, [0, 90, 180, 270, 360], [-7, 367]],
])("a map ends where its places do, marked at round degrees: %s", (_, low, high, limit, ticks, domain) => {
  const axis = degreesAxis(low, high, { wanted: limit === 180 ? 6 : 5, limit });

  expect(axis.ticks).toEqual(ticks);
  expect(axis.domain.map((end) => Number(end.toFixed(6)))).toEqual(domain);
});

it("one place has an axis, too", () => {
  expect(degreesAxis(52.5, 52.5, { wanted: 5, limit: 90 }).ticks).toContain(52.5);
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

it("degrees close together keep their sign", () => {
  expect([45.55, 45.5].map((value) => formatPrecisely(value, "°"))).toEqual(["45.55°", "45.5°"]);
});

it.each([
  ["weekdays", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]],
  ["months", ["January", "February", "March", "no value"], ["Jan", "Feb", "Mar", "no value"]],
  ["months that begin alike", ["juin", "juillet"], ["juin", "juil"]],
  ["the months of another tongue", ["März", "April", "Mai"], ["Mär", "Apr", "Mai"]],
  ["other names", ["Monaco", "Junction", "Marsh"], null],
] as const)("names of days and months have short forms: %s", (_, names, short) => {
  expect(shortNames(names)).toEqual(short);
});

it.each([
  ["that fit stand as they are", ["North hall", "South hall"], [["North hall"], ["South hall"]]],
  ["without room lose the words that all begin with", ["Sea Stories: The Long Voyage", "Sea Stories: The Return Home"], [["… Long", "Voyage"], ["… Return", "Home"]]],
  ["that would read alike lose what these begin with", ["Are you a fan of the first book?", "Are you a fan of the first film?", "No answer"], [["… book?"], ["… film?"], ["No answer"]]],
  ["that are cut lose what those like them begin with", ["Do you like the dark sea?", "Do you like the old films?", "Have you been there?", "No"], [["… dark sea?"], ["… old", "films?"], ["Have you", "been there?"], ["No"]]],
  ["of one bar alone are cut", ["A name that goes on and on"], [["A name that", "goes on an…"]]],
])("names %s", (_, names, lines) => {
  expect(namesOnTwoLines(names, (text) => text.length <= 11)).toEqual(lines);
});

it.each([
  ["wide paper shows more to the east and west", [10, 10.2], [-0.1, 0.1], { width: 400, height: 200 }, [9.9, 10.3], [-0.1, 0.1]],
  ["narrow paper shows more to the north and south", [10, 10.2], [-0.1, 0.1], { width: 200, height: 400 }, [10, 10.2], [-0.2, 0.2]],
  ["far north a degree to the east is half as long", [10, 10.2], [59.9, 60.1], { width: 200, height: 200 }, [9.9, 10.3], [59.9, 60.1]],
  ["no map is wider than the globe", [-180, 180], [-80, 80], { width: 2000, height: 200 }, [-180, 180], [-80, 80]],
] as const)("a mile is as long to the east as to the north: %s", (_, east, north, paper, wide, high) => {
  const map = trueToScale([...east], [...north], paper);

  expect(map.east.map((end) => Number(end.toFixed(3)))).toEqual(wide);
  expect(map.north.map((end) => Number(end.toFixed(3)))).toEqual(high);
});

it.each([
  ["short ones", ["North hall", "South hall"], true],
  ["one of which would be cut", ["North hall", "A name that goes on and on"], false],
])("it is known whether names have room: %s", (_, names, are) => {
  expect(haveRoom(names, (text) => text.length <= 11)).toBe(are);
});
