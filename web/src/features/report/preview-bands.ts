/** How wide the columns of a preview are, and which of them fit a sheet of paper beside each other. */
import type { ColumnProfile } from "@/lib/api/types";

const [NARROWEST, WIDEST] = [6, 28]; // letters of a column
const SIDES = 3; // letters that the room at both sides of a cell takes
const LONGEST_KEY = 32; // characters of an identifier that is not torn apart
const PAPER = 112; // letters, their sides included, in the width of an upright A4 sheet beside the rows' numbers

export const isFigure = (column: ColumnProfile) => column.storage === "BIGINT" || column.storage === "DOUBLE";

/** Whether a cell is torn in no two lines: figures, dates, keys that are not too long. */
export const isOneLine = (column: ColumnProfile, cell: string) => isFigure(column) || column.inferred_type === "datetime" || (column.inferred_type === "identifier" && cell.length <= LONGEST_KEY);

/** How many letters wide a column must be for its name and its cells to read well in two lines, and its longest word in one. */
export function lettersOf(column: ColumnProfile, cells: readonly string[]): number {
  const longestWord = Math.max(...column.name.split(/\s+/).map((word) => word.length));
  const lines = [column.name, ...cells].map((text) => text.length / 2);
  const whole = cells.filter((cell) => isOneLine(column, cell)).map((cell) => cell.length);
  return SIDES + Math.max(Math.min(WIDEST, Math.max(NARROWEST, longestWord, ...lines)), ...whole);
}

/** The columns in their order, in as few bands as sheets of paper are wide enough for, each about as full as the others. */
export function bandsOf<T>(columns: readonly T[], letters: (column: T) => number): T[][] {
  const widths = columns.map(letters);
  const bands = filled(columns, widths, PAPER);
  if (bands.length < 2) return bands;
  const even = Math.max(widths.reduce((sum, width) => sum + width, 0) / bands.length, ...widths);
  for (let limit = even; limit < PAPER; limit += 1) {
    const evened = filled(columns, widths, limit);
    if (evened.length === bands.length) return evened;
  }
  return bands;
}

/** Columns one after the other into bands of at most so many letters; one that is wider has a band to itself. */
function filled<T>(columns: readonly T[], widths: readonly number[], limit: number): T[][] {
  const bands: T[][] = [[]];
  let left = limit;
  for (const [index, column] of columns.entries()) {
    const width = widths[index]!;
    if (width > left && bands.at(-1)!.length > 0) {
      bands.push([]);
      left = limit;
    }
    bands.at(-1)!.push(column);
    left -= width;
  }
  return bands;
}
