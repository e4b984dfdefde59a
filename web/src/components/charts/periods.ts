/** Which periods an axis of time is marked at, and how: round ones, evenly apart, the year said once. Knows keys and calendars; knows nothing of drawing. */
import { formatPeriod, formatPeriodShort, type Grain } from "@/lib/format";

type IsRound = (key: string) => boolean;

const DAY_MS = 86_400_000;
const MONDAY = 4; // days after 1 Jan 1970, a Thursday

const every = (steps: readonly number[], numberOf: (key: string) => number): IsRound[] => steps.map((step) => (key: string) => numberOf(key) % step === 0);
const monthNumber = (key: string) => 12 * Number(key.slice(0, 4)) + Number(key.slice(5, 7)) - 1;
const dayNumber = (key: string) => Math.round(Date.parse(key.slice(0, 10)) / DAY_MS) - MONDAY;
const minuteNumber = (key: string) => 60 * Number(key.slice(11, 13)) + Number(key.slice(14, 16) || 0);

const MONTHS = every([1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200], monthNumber);
const DAYS = [...every([1, 2, 7, 14], dayNumber), ...MONTHS.map((isRound) => (key: string) => key.slice(8, 10) === "01" && isRound(key))];
const MINUTES = [...every([1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440], minuteNumber), ...DAYS.slice(1).map((isRound) => (key: string) => minuteNumber(key) === 0 && isRound(key))];

/** What makes a period a round one, from the finest to the coarsest. */
const ROUND: Partial<Record<Grain, readonly IsRound[]>> = {
  year: every([1, 2, 5, 10, 20, 50, 100, 200, 500], Number),
  quarter: every([1, 2, 4, 8, 20, 40, 80, 200, 400], (key) => 4 * Number(key.slice(0, 4)) + Number(key.slice(-1)) - 1),
  month: MONTHS,
  day: DAYS,
  hour: MINUTES.slice(6),
  minute: MINUTES,
};

const APART = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 50, 100, 200, 500];
const FEWEST_MARKS = 2;

/** The places that an axis may mark, from all to few, evenly apart: of periods round ones where there are enough, else every second, third, … place. */
export function markings(keys: readonly unknown[], grain: Grain | null): number[][] {
  const all = keys.map((_, place) => place);
  const round = ((grain && ROUND[grain]) || []).map((isRound) => all.filter((place) => isRound(String(keys[place]))));
  return [...round.filter((marks) => marks.length >= FEWEST_MARKS), ...APART.map((step) => all.filter((place) => place % step === 0))];
}

/** The places among a histogram's edges that an axis may mark, from all to few: round numbers. */
export function edgeMarkings(edges: readonly number[], width: number): number[][] {
  const all = edges.map((_, place) => place);
  return [1, 2, 5, 10, 20, 50, 100].map((step) => all.filter((place) => Math.round(edges[place]! / width) % step === 0)).filter((marks) => marks.length >= FEWEST_MARKS);
}

type Room = { at: (place: number) => number; widthOf: (marks: readonly number[], index: number) => number; gap: number };

/** The finest marking whose words stand clear of each other; its first mark alone where none does. */
export function fitting(sets: readonly number[][], { at, widthOf, gap }: Room): number[] {
  const isClear = (marks: number[]) => marks.every((place, index) => index === 0 || at(place) - at(marks[index - 1]!) >= (widthOf(marks, index) + widthOf(marks, index - 1)) / 2 + gap);
  return sets.find(isClear) ?? sets.at(-1)?.slice(0, 1) ?? [];
}

/** What stands at a mark, and below it where it is another than at the mark before: "Mar" and "2004". */
export type MarkWords = { near: string; far: string | null };

/** The words of marked periods; Januaries are years, and midnights are days. */
export function markWords(keys: readonly string[], grain: Grain): MarkWords[] {
  const are = (ending: RegExp) => keys.length > 1 && keys.every((key) => ending.test(key));
  if (grain === "minute" && are(/T00:00$/)) return markWords(keys.map((key) => key.slice(0, 10)), "day");
  if (grain === "hour" && are(/T00$/)) return markWords(keys.map((key) => key.slice(0, 10)), "day");
  if (grain === "day" && are(/-01$/)) return markWords(keys.map((key) => key.slice(0, 7)), "month");
  if ((grain === "month" && are(/-01$/)) || (grain === "quarter" && are(/-Q1$/))) return markWords(keys.map((key) => key.slice(0, 4)), "year");
  const words = keys.map((key) => formatPeriodShort(key, grain) ?? { near: formatPeriod(key, grain), far: null });
  return words.map(({ near, far }, index) => ({ near, far: index > 0 && words[index - 1]!.far === far ? null : far }));
}
