/** Mask a personal cell on the reader's own screen, in the forms the samples use. */
import type { ColumnProfile, Scalar } from "./api/types";

type Pii = NonNullable<ColumnProfile["pii"]>;

const digitsOf = (text: string) => text.replace(/\D/g, "");

/** The cell with what identifies a person replaced; null stays null. */
export function maskCell(value: Scalar, pii: Pii): Scalar {
  if (value === null) return null;
  const text = String(value);
  const digits = digitsOf(text);
  switch (pii) {
    case "email": {
      const at = text.lastIndexOf("@");
      return at > 0 ? `${text.charAt(0)}***${text.slice(at)}` : "***";
    }
    case "phone": return digits.length >= 7 ? `${digits.slice(0, 3)}-***-${digits.slice(-4)}` : "***";
    case "ssn": return "***-**-****";
    case "card": return digits.length >= 12 ? `${digits.slice(0, 4)} **** **** ${digits.slice(-4)}` : "****";
    default: return "***";
  }
}
