/** How wide a text is. Asks the browser's canvas, and guesses where there is none. */
const LETTER_SHARE = 0.56; // of the font's size, on average; only where the browser cannot measure

let ruler: CanvasRenderingContext2D | null | undefined;

/** How many pixels a text takes in the page's font. */
export function widthOf(text: string, size: number): number {
  ruler ??= typeof CanvasRenderingContext2D === "undefined" ? null : document.createElement("canvas").getContext("2d");
  if (!ruler) return text.length * size * LETTER_SHARE;
  ruler.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}
