import { expect, it } from "vitest";
import { maskCell } from "./masking";

it.each([
  ["email", "ursula@example.com", "u***@example.com"],
  ["phone", "(555) 123-4567", "555-***-4567"],
  ["ssn", "123-45-6789", "***-**-****"],
  ["card", "4111 1111 1111 1111", "4111 **** **** 1111"],
  ["name", "Ursula Le Guin", "***"],
  ["iban", "DE89370400440532013000", "***"],
] as const)("a cell of kind %s keeps its form and nothing more", (kind, cell, masked) => {
  expect(maskCell(cell, kind)).toBe(masked);
});

it("what is no e-mail in an e-mail column is masked whole", () => {
  expect(maskCell("call 555-1234", "email")).toBe("***");
});

it("a missing cell stays missing", () => {
  expect(maskCell(null, "email")).toBeNull();
});
