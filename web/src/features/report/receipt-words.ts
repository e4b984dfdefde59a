/** The receipt as sentences. Knows what the reader may have done; says only what this one did. */
import type { Receipt, Report } from "@/lib/api/types";
import { formatBytes, formatCounted, formatCount } from "@/lib/format";

const TYPES: Record<Receipt["fileType"], string> = {
  csv: "delimited text", xlsx: "an Excel workbook", xls: "an old Excel workbook", ods: "an OpenDocument spreadsheet", json: "JSON", jsonl: "JSON Lines", parquet: "a Parquet file", pdf: "a PDF", html: "a web page", xml: "XML",
};
const DELIMITERS: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "blanks", ":": "colons" };

export function receiptSentences(receipt: Receipt, file: Report["fileInfo"]): string[] {
  const said = [`${file.name} (${formatBytes(file.bytes)}) was read as ${TYPES[receipt.fileType]}.`];
  const isOneSheet = receipt.sheet && receipt.fileType !== "pdf" && receipt.sheets.includes(receipt.sheet); // the notes tell of several
  if (isOneSheet) said.push(`The sheet “${receipt.sheet}” was used${receipt.sheets.length > 1 ? `; the workbook has ${formatCount(receipt.sheets.length)}: ${receipt.sheets.join(", ")}` : ""}.`);
  if (receipt.encoding) said.push(`Its letters are ${receipt.encoding}.${receipt.encodingNote ? ` ${receipt.encodingNote}` : ""}`);
  if (receipt.delimiter) said.push(`Cells are separated by ${DELIMITERS[receipt.delimiter] ?? `“${receipt.delimiter}”`}${receipt.decimal ? `, and the decimal mark is a ${receipt.decimal === "," ? "comma" : "point"}` : ""}.`);
  if (receipt.headerRow === 0) said.push("It has no header, so the columns were given names.");
  else if (receipt.headerRow !== null && receipt.headerRow !== undefined) said.push(`The header stands in line ${formatCount(receipt.headerRow)}.`);
  if (receipt.skippedCount > 0) said.push(`${formatCounted(receipt.skippedCount, "line")} ${receipt.skippedCount === 1 ? "was" : "were"} skipped, because ${receipt.skippedCount === 1 ? "it holds" : "they hold"} no data.`);
  said.push(receipt.rejectedCount > 0 ? `${formatCounted(receipt.rejectedCount, "row")} could not be kept.` : "No row was rejected.");
  if (receipt.repairedCount > 0) said.push(`${formatCounted(receipt.repairedCount, "row")} ${receipt.repairedCount === 1 ? "was" : "were"} repaired.`);
  if (receipt.otherTables.length > 0) said.push(`Not read: ${receipt.otherTables.join("; ")}.`);
  return [...said, ...receipt.notes];
}
