import { expect, it } from "vitest";
import { salesReport } from "@/test/fixtures";
import { receiptSentences } from "./receipt-words";

const { receipt, fileInfo } = salesReport;
const said = (changes: Partial<typeof receipt>) => receiptSentences({ ...receipt, ...changes }, fileInfo).join(" ");

it("a plain file takes a few plain sentences", () => {
  expect(said({})).toMatch(/^sales_demo\.csv \([\d.]+ KB\) was read as delimited text\. Its letters are UTF-8\. Cells are separated by commas, and the decimal mark is a point\. The header stands in line 1\. No row was rejected\./i);
});

it.each([
  ["a file without a header", { headerRow: 0 }, "It has no header, so the columns were given names."],
  ["one skipped line", { skippedCount: 1 }, "1 line was skipped, because it holds no data."],
  ["rejected rows", { rejectedCount: 3 }, "3 rows could not be kept."],
  ["a workbook of several sheets", { sheet: "Q1", sheets: ["Q1", "Q2"] }, "The sheet “Q1” was used; the workbook has 2: Q1, Q2."],
  ["a workbook whose sheets carry each other on,", { fileType: "xlsx" as const, sheet: "Q1 – Q2", sheets: ["Q1", "Q2"], notes: ["2 sheets were read as one."] }, "was read as an Excel workbook. Its letters"],
  ["a PDF, whose notes say the page,", { fileType: "pdf" as const, sheet: "Page 3", sheets: ["Page 3"], notes: ["One table was found in the PDF."] }, "was read as a PDF. Its letters"],
  ["tables that were left out", { otherTables: ["page 2"] }, "Not read: page 2."],
  ["an odd delimiter", { delimiter: "^", decimal: null }, "Cells are separated by “^”."],
  ["a guess about letters", { encoding: "windows-1252", encodingNote: "It is not valid UTF-8." }, "Its letters are windows-1252. It is not valid UTF-8."],
])("%s is told", (_, changes, sentence) => {
  expect(said(changes)).toContain(sentence);
});
