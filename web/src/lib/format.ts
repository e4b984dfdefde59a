/** Numbers, dates and sizes for people, all through Intl. Knows units; knows nothing of charts or pages. */
import type { Scalar } from "./api/types";

export type Grain = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year" | "weekday" | "hour_of_day" | "month_of_year";

const CURRENCIES: Record<string, string> = { $: "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR" };
const SINGULAR: Record<string, string> = { rows: "row", cells: "cell", days: "day", hours: "hour", minutes: "minute", seconds: "second", weeks: "week", months: "month", years: "year" };
const UTC = { timeZone: "UTC" } as const;

/** The reader's own kind of English, because the page's sentences are English and one page has one decimal mark. */
export function locale(): string {
  if (typeof navigator === "undefined") return "en";
  return navigator.languages?.find((language) => /^en\b/i.test(language)) ?? "en";
}

/** Making a format takes the browser a hundred times longer than using it, and a page has thousands of figures. */
const made = new Map<string, unknown>();

function kept<Format>(kind: string, options: object, make: () => Format): Format {
  const name = kind + JSON.stringify(options);
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as Format;
}

const numberFormat = (options: Intl.NumberFormatOptions) => kept("n" + locale(), options, () => new Intl.NumberFormat(locale(), options));
const dateFormat = (options: Intl.DateTimeFormatOptions) => kept("d" + locale(), options, () => new Intl.DateTimeFormat(locale(), options));

/** The sentences of a report say "Sep"; of all English months British browsers write only this one with four letters. */
const date = (options: Intl.DateTimeFormatOptions, when: Date | number) => dateFormat(options).format(when).replace(/\bSept\b/, "Sep");

/** A true minus sign, as in the sentences of the report. */
const number = (value: number, options: Intl.NumberFormatOptions = {}) => numberFormat(options).format(value).replace(/^-/, "−");

export const formatCount = (value: number, options?: Intl.NumberFormatOptions) => number(value, options);

/** A count and its noun: "1 row", "9,357 rows". */
export const formatCounted = (count: number, noun: string, plural = `${noun}s`) => `${number(count)} ${count === 1 ? noun : plural}`;

/** A fraction 0-1 as per cent with the digits that matter; never 0% or 100% for almost. */
export function formatShare(share: number): string {
  const size = Math.abs(share);
  if (size > 0 && size < 0.0001) return `under ${number(0.0001, { style: "percent", maximumFractionDigits: 2 })}`;
  if (size > 0.99 && size < 1) return number(Math.sign(share) * Math.min(size, 0.999), { style: "percent", maximumFractionDigits: 1 });
  const digits = size < 0.001 ? 2 : size < 0.0995 ? 1 : 0;
  return number(share, { style: "percent", maximumFractionDigits: digits });
}

/** How closely two things go together, in two digits; almost one is never one. */
export function formatCoefficient(value: number): string {
  const digits = Math.abs(value) >= 0.995 && Math.abs(value) < 1 ? 3 : 2;
  const most = digits === 3 ? Math.sign(value) * Math.min(Math.abs(value), 0.999) : value;
  return number(most, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function currencyOf(unit: string): string | null {
  if (CURRENCIES[unit]) return CURRENCIES[unit];
  return /^[A-Z]{3}$/.test(unit) && kept("currencies", {}, () => new Set(Intl.supportedValuesOf("currency"))).has(unit) ? unit : null;
}

/** The letters of the report's own sentences, so that an axis and a figure card say "1.2bn" alike in every locale. */
const SCALES: readonly [number, string][] = [[1e12, "T"], [1e9, "bn"], [1e6, "M"], [1e3, "k"]];

/** A number with its unit. `short` is for axes and narrow cards: from 10,000 on thousands become k. */
export function formatNumber(value: number, unit: string | null | undefined, form: "normal" | "short" = "normal"): string {
  if (unit === "share") return formatShare(value);
  const size = Math.abs(value);
  const isShort = form === "short" && size >= 10_000;
  // The scale is chosen after rounding: 999,999.7 is a million to three figures.
  const [scale, letter] = (isShort ? SCALES.find(([least]) => size >= least * 0.9995) : undefined) ?? [1, ""];
  const digits: Intl.NumberFormatOptions = isShort
    ? { maximumSignificantDigits: 3 }
    : Number.isInteger(value)
      ? { maximumFractionDigits: 0 }
      : size >= 99.95
        ? { maximumFractionDigits: 0 }
        : { maximumSignificantDigits: 3 };
  const currency = unit ? currencyOf(unit) : null;
  if (currency) {
    const cents: Intl.NumberFormatOptions =
      !isShort && !Number.isInteger(value) && size < 1000 && size >= 0.01 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { minimumFractionDigits: 0, ...digits };
    return number(value / scale, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...cents }) + letter;
  }
  const text = number(value / scale, digits) + letter;
  if (!unit || form === "short") return unit === "%" || unit === "°" ? `${text}${unit}` : text;
  if (unit === "%" || unit === "°") return `${text}${unit}`;
  return `${text} ${value === 1 ? (SINGULAR[unit] ?? unit) : unit}`;
}

/** A number with six figures, for telling two close ones apart. */
export function formatPrecisely(value: number, unit: string | null | undefined): string {
  if (unit === "share") return number(value, { style: "percent", maximumSignificantDigits: 6 });
  const text = number(value, { maximumSignificantDigits: Math.max(6, Math.ceil(Math.log10(Math.abs(value) + 1)) + 2) });
  if (unit === "°") return `${text}°`;
  return unit && currencyOf(unit) === null ? `${text} ${unit}` : `${unit ?? ""}${text}`;
}

/** A cell or a fact's value as text: numbers by Intl, ISO dates as dates, the rest as it is. */
export function formatScalar(value: Scalar | undefined, unit?: string | null): string {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, unit);
  return formatDate(value);
}

/** A table cell: every digit, no unit, since the column's header says it. */
export function formatCell(value: Scalar | undefined, options: { isGrouped?: boolean; decimals?: number } = {}): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return number(value, { minimumFractionDigits: options.decimals ?? 0, maximumFractionDigits: options.decimals ?? 12, useGrouping: options.isGrouped ?? true });
  return value;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})/;

/** "12 Mar 2024" for ISO text (no time zone applied: a table's dates have none); any other text as it is. */
export function formatDate(text: string): string {
  const match = DAY.exec(text) ?? INSTANT.exec(text);
  if (!match) return text;
  const instant = new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4] ?? "00"}:${match[5] ?? "00"}:00Z`);
  if (Number.isNaN(instant.getTime())) return text;
  const hasTime = match[4] !== undefined && !(match[4] === "00" && match[5] === "00");
  return date({ ...UTC, dateStyle: "medium", ...(hasTime ? { timeStyle: "short" } : {}) }, instant);
}

/** The words for a period as the engine writes it; `grain` is needed where the key is a bare number. */
export function formatPeriod(key: Scalar, grain?: Grain | null): string {
  if (key === null) return "(missing)";
  const text = String(key);
  if (grain === "weekday" && /^[1-7]$/.test(text)) return dateFormat({ ...UTC, weekday: "long" }).format(Date.UTC(2024, 0, Number(text)));
  if (grain === "month_of_year" && /^(?:[1-9]|1[0-2])$/.test(text)) return dateFormat({ ...UTC, month: "long" }).format(Date.UTC(2024, Number(text) - 1, 1));
  if (grain === "hour_of_day" && /^\d{1,2}$/.test(text)) return `${text.padStart(2, "0")}:00`;
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month) return date({ ...UTC, month: "short", year: "numeric" }, Date.UTC(Number(month[1]), Number(month[2]) - 1, 1));
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text);
  if (quarter) return `Q${quarter[2]} ${quarter[1]}`;
  const week = /^(\d{4})-W(\d{2})$/.exec(text);
  if (week) return `week ${Number(week[2])} of ${week[1]}`;
  if (grain === "hour" || grain === "minute") {
    const instant = new Date(`${grain === "hour" ? `${text}:00` : text}:00Z`); // midnight is an hour like any other
    if (!Number.isNaN(instant.getTime())) return date({ ...UTC, dateStyle: "medium", timeStyle: "short" }, instant);
  }
  return formatDate(text);
}

/** A period on an axis in two parts, what is near and what it belongs to: "Mar" and "2004", "18:00" and "10 Mar 2004"; null for one that has no parts. */
export function formatPeriodShort(key: string, grain: Grain): { near: string; far: string } | null {
  const year = key.slice(0, 4);
  const moment = new Date(grain === "month" ? `${key}-01T00:00Z` : grain === "day" ? `${key}T00:00Z` : grain === "hour" ? `${key}:00Z` : `${key}Z`);
  const isKnown = !Number.isNaN(moment.getTime());
  if (grain === "quarter" && /-Q[1-4]$/.test(key)) return { near: key.slice(-2), far: year };
  if (grain === "week" && /-W\d\d$/.test(key)) return { near: `W${Number(key.slice(-2))}`, far: year };
  if (grain === "month" && isKnown) return { near: date({ ...UTC, month: "short" }, moment), far: year };
  if (grain === "day" && isKnown) return { near: date({ ...UTC, day: "numeric", month: "short" }, moment), far: year };
  if ((grain === "hour" || grain === "minute") && isKnown) return { near: date({ ...UTC, timeStyle: "short" }, moment), far: date({ ...UTC, dateStyle: "medium" }, moment) };
  return null;
}

/** When something happened, in the reader's time zone. */
export function formatInstant(iso: string): string {
  const instant = new Date(iso);
  return Number.isNaN(instant.getTime()) ? iso : date({ dateStyle: "medium", timeStyle: "short" }, instant);
}

/** How long ago, in words: "3 minutes ago". */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  if (Number.isNaN(seconds)) return "";
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  const scales: [number, Intl.RelativeTimeFormatUnit][] = [[86_400, "day"], [3600, "hour"], [60, "minute"]];
  for (const [length, unit] of scales) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? "just now" : relative.format(seconds, "second");
}

/** A duration: "0.4 s", "12 s", "3 min 05 s". */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 0.05) return "under 0.1 s"; // which would read "0.0 s"
  if (seconds < 10) return `${number(seconds, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`;
  if (seconds < 60) return `${number(Math.floor(seconds))} s`;
  return `${number(Math.floor(seconds / 60))} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/** A file's size: "1.2 MB" (powers of 1,024, as the server's limit counts). */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${number(bytes / 1024 ** power, { maximumFractionDigits: power === 0 || bytes / 1024 ** power >= 100 ? 0 : 1 })} ${units[power]}`;
}
