import type { Width } from "@/lib/use-media";

type Size = { height: number; font: number; yWidth: number; yTicks: number; xTicks: number; nameWidth: number; longNameWidth: number; axisLetters: number; margin: { top: number; right: number; bottom: number; left: number } };

/** What a chart's axes may take, by the width of the window. */
export const SIZES: Record<Width, Size> = {
  phone: { height: 220, font: 11, yWidth: 46, yTicks: 4, xTicks: 4, nameWidth: 104, longNameWidth: 136, axisLetters: 42, margin: { top: 8, right: 8, bottom: 0, left: 0 } },
  tablet: { height: 260, font: 12, yWidth: 52, yTicks: 5, xTicks: 5, nameWidth: 120, longNameWidth: 200, axisLetters: 48, margin: { top: 8, right: 12, bottom: 0, left: 0 } },
  desktop: { height: 280, font: 12, yWidth: 56, yTicks: 5, xTicks: 6, nameWidth: 136, longNameWidth: 216, axisLetters: 56, margin: { top: 8, right: 12, bottom: 0, left: 0 } },
};

/** On paper every drawing has one shape, whatever window it was made for, so that three fit a sheet. */
export const PAPER = { width: 640, size: { ...SIZES.tablet, height: 210 } };

/** Pixels a lying bar takes with its gap: few bars may be thick, many must be lean. */
const rowHeight = (bars: number) => (bars <= 5 ? 40 : bars <= 8 ? 34 : 30);

/** Side by side charts have one height, so that their cards line up; on a phone few bars take no more than they need. */
export const heightOf = (size: Size, lyingBars: number | null) =>
  lyingBars === null ? size.height : Math.max(size === SIZES.phone ? 120 : size.height, lyingBars * rowHeight(lyingBars) + 12);

export const WIDEST_BAR = 96; // px of a standing bar; the only one of a part fills no card

export const THICKEST_BAR = 34; // px; three bars in a tall card stay bars
