/** Where an axis is marked and how long names are broken. Knows numbers and letters; knows nothing of drawing. */

const STEPS = [1, 2, 2.5, 5, 10];

/**
 * Round marks from at or below `low` to at or above `high`, about `wanted` of them; whole ones where all values are.
 * One value, or none, still gets an axis.
 */
export function roundTicks(low: number, high: number, { wanted, isWhole = false }: { wanted: number; isWhole?: boolean }): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / Math.max(1, wanted - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = STEPS.map((step) => step * power).filter((step) => !isWhole || Number.isInteger(step));
  const step = steps.find((candidate) => candidate >= rough * 0.999) ?? Math.max(isWhole ? 1 : 0, 10 * power);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const digits = Math.max(0, 3 - Math.floor(Math.log10(step))); // 0.1 + 0.2 is not 0.3
  const exact = (place: number) => (digits > 15 ? place * step : Number((place * step).toFixed(digits)));
  return Array.from({ length: Math.max(last, first + 1) - first + 1 }, (_, index) => exact(first + index));
}

const DEGREES = [1, 2, 5, 10, 15, 30, 45, 60, 90];

/**
 * An axis of degrees that ends a little beyond its places, at most at the pole or the date line, where those are its
 * `limit`, and is marked at round degrees between its ends.
 */
export function degreesAxis(low: number, high: number, { wanted, limit }: { wanted: number; limit: number }): { ticks: number[]; domain: [number, number] } {
  const margin = (high > low ? high - low : 0.02) * PLACES_MARGIN;
  const most = Math.max(Math.abs(low), Math.abs(high)) <= limit ? limit : Infinity;
  const domain: [number, number] = [Math.max(-most, low - margin), Math.min(most, high + margin)];
  const rough = (domain[1] - domain[0]) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (rough > 1 ? DEGREES : STEPS.map((one) => one * power)).find((one) => one >= rough * 0.999) ?? 90;
  const [first, last] = [Math.ceil(domain[0] / step - 1e-9), Math.floor(domain[1] / step + 1e-9)];
  return { ticks: Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(6))), domain };
}

type Span = [number, number];

/**
 * From where to where a map of so many pixels runs, so that a mile is as long to the east as to the north: the side
 * that has room to spare shows more around its places, at most the whole globe.
 */
export function trueToScale(east: Span, north: Span, { width, height }: { width: number; height: number }): { east: Span; north: Span } {
  const narrowing = Math.max(LEAST_NARROWING, Math.cos((((north[0] + north[1]) / 2) * Math.PI) / 180));
  const perPixel = Math.max(((east[1] - east[0]) * narrowing) / width, (north[1] - north[0]) / height);
  const around = ([low, high]: Span, degrees: number): Span => {
    const more = Math.max(0, (degrees - (high - low)) / 2);
    return [low - more, high + more];
  };
  return { east: around(east, Math.min(WHOLE_GLOBE, (perPixel * width) / narrowing)), north: around(north, Math.min(WHOLE_GLOBE / 2, perPixel * height)) };
}

const LEAST_NARROWING = 0.1; // beside the poles every map of this kind is torn
const WHOLE_GLOBE = 360; // degrees

const PLACES_MARGIN = 0.05; // of the way from the first to the last, so that no place lies on the edge

/** The first of the ways to write numbers that writes no two of the marks alike; the last where none does. */
export function tellingApart(marks: readonly number[], ways: readonly [Way, ...Way[]]): Way {
  return ways.find((way) => new Set(marks.map(way)).size === marks.length) ?? ways[ways.length - 1]!;
}

type Way = (value: number) => string;

const CYCLES = [["weekday", 7], ["month", 12]] as const;
const TONGUES = ["en", "de", "fr", "es", "it", "nl", "pt"];
const SHORTEST = 3; // letters

/** The names of weekdays or months by their first letters, as many as tell them apart: "Mon", "Jan"; null for any other names. */
export function shortNames(names: readonly string[]): string[] | null {
  const lower = names.map((name) => name.toLowerCase());
  const isCycle = CYCLES.some(([part, count]) => TONGUES.some((tongue) => {
    const format = new Intl.DateTimeFormat(tongue, { [part]: "long", timeZone: "UTC" });
    const known = new Set(Array.from({ length: count }, (_, index) => format.format(Date.UTC(2024, part === "month" ? index : 0, part === "month" ? 1 : index + 1)).toLowerCase()));
    return lower.filter((name) => known.has(name)).length >= Math.max(2, lower.length - 1); // beside them there may be rows without one
  }));
  if (!isCycle) return null;
  for (let letters = SHORTEST; letters <= SHORTEST + 2; letters += 1) {
    const short = names.map((name) => (name.includes(" ") ? name : name.slice(0, letters)));
    if (new Set(short).size === names.length) return short;
  }
  return null;
}

/** A name on at most two lines that fit; what has no room ends in dots. */
export function twoLines(name: string, fits: (text: string) => boolean): string[] {
  if (fits(name)) return [name];
  const spaces = [...name.matchAll(/ /g)].map((match) => match.index).filter((at) => at > 0 && fits(name.slice(0, at)));
  const space = spaces.at(-1);
  return space === undefined ? [cut(name, fits)] : [name.slice(0, space), cut(name.slice(space + 1), fits)];
}

/**
 * Names on at most two lines each, so that they can be told apart. Where some have no room, words that all names begin
 * with are left out; of those that are cut still, and of those that would read alike, the words that these begin with.
 */
export function namesOnTwoLines(names: readonly string[], fits: (text: string) => boolean): string[][] {
  const linesOf = (some: readonly string[]) => some.map((name) => twoLines(name, fits));
  const lines = linesOf(names);
  if (lines.every((one, at) => one.join(" ") === names[at])) return lines;
  const shorter = withoutStart(names);
  const own = linesOf(shorter);
  const shortenTogether = (groups: Iterable<number[]>) => {
    for (const places of groups) {
      if (places.length > 1) linesOf(withoutStart(places.map((at) => names[at]!))).forEach((one, index) => (own[places[index]!] = one));
    }
  };
  const isCut = (at: number) => own[at]!.join(" ") !== shorter[at];
  const kin = groupsBy(names.map((_, at) => at), (at) => shorter[at]!.split(" ").slice(0, KINDRED_WORDS).join(" "));
  shortenTogether(kin.filter((places) => places.some(isCut)));
  shortenTogether(groupsBy(names.map((_, at) => at), (at) => own[at]!.join(" ")));
  return own;
}

const KINDRED_WORDS = 4; // that questions on one thing begin with: "Do you consider yourself …"

function groupsBy(places: readonly number[], kind: (at: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  places.forEach((at) => groups.set(kind(at), [...(groups.get(kind(at)) ?? []), at]));
  return [...groups.values()];
}

/** Whether all names are read to their end on two lines. */
export const haveRoom = (names: readonly string[], fits: (text: string) => boolean): boolean =>
  namesOnTwoLines(names, fits).every((lines, at) => lines.at(-1)!.at(-1) === names[at]!.at(-1));

const FEWEST_NAMES = 2;

/** Names without the words that all of them begin with; each keeps one word at least. */
function withoutStart(names: readonly string[]): string[] {
  const words = names.map((name) => name.split(" "));
  const most = Math.min(...words.map((one) => one.length)) - 1;
  let shared = 0;
  while (names.length >= FEWEST_NAMES && shared < most && words.every((one) => one[shared] === words[0]![shared])) shared += 1;
  return shared === 0 ? [...names] : words.map((one) => `… ${one.slice(shared).join(" ")}`);
}

/** As much of a text as fits, with dots where it ends early. */
export function cut(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  let letters = text.length - 1;
  while (letters > 1 && !fits(`${text.slice(0, letters).trimEnd()}…`)) letters -= 1;
  return `${text.slice(0, letters).trimEnd()}…`;
}
