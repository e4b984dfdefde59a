import { expect, it } from "vitest";
import { bandsOf } from "./preview-bands";

const columnsOf = (...widths: number[]) => widths.map((width, index) => ({ name: `c${index}`, width }));
const namesOf = (...widths: number[]) => bandsOf(columnsOf(...widths), (column) => column.width).map((band) => band.map((column) => column.name).join(" "));

it.each([
  ["what fits one sheet stays one table", [30, 30, 30], ["c0 c1 c2"]],
  ["what does not is laid in bands that are about as full", [30, 30, 30, 30], ["c0 c1", "c2 c3"]],
  ["a column as wide as a sheet has one to itself", [10, 200, 10], ["c0", "c1", "c2"]],
  ["no columns are one empty band", [], [""]],
])("%s", (_, widths, bands) => {
  expect(namesOf(...widths)).toEqual(bands);
});
