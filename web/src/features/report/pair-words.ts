/** Two columns that go together, in plain words. No figure is computed here. */
import type { RelatedPair } from "@/lib/api/types";

const SAME = 0.995; // from here on one of the two tells the other
const [STRONG, CLEAR, SLIGHT] = [0.7, 0.4, 0.1]; // pairs of all rows are never weaker than the last, those of a part may be

/** A piece of a sentence: words, or a column by its own name. */
export type Piece = string | { column: string };

/** The pair as a sentence: "units and revenue rise together strongly". */
export function pairWords({ kind, column, column2, strength }: RelatedPair): Piece[] {
  const [one, other] = [{ column }, { column: column2 }];
  const size = Math.abs(strength);
  if (size < SLIGHT) return [one, " and ", other, " hardly go together"];
  const how = size >= STRONG ? "strongly" : size >= CLEAR ? "clearly" : "slightly";
  if (kind === "correlation_ratio") return size >= SAME ? [other, " settles ", one] : [one, ` differs ${how} by `, other];
  if (size >= SAME) return [one, " and ", other, kind === "correlation" ? " say the same" : ": one tells the other"];
  if (kind === "association") return [one, " and ", other, ` depend ${how} on each other`];
  return strength > 0 ? [one, " and ", other, ` rise together ${how}`] : [one, ` falls ${how} as `, other, " rises"];
}

type Sign = { sign: string; means: string };

/** What each measure is called and says. */
export const SIGNS: Record<RelatedPair["kind"], Sign> = {
  correlation: { sign: "r", means: "Pearson’s correlation of two numbers, from −1 (one falls as the other rises) to 1" },
  correlation_ratio: { sign: "η", means: "Correlation ratio: how far a number’s averages differ between groups, from 0 (not at all) to 1 (the group settles the number)" },
  association: { sign: "V", means: "Cramér’s V: how far two categories depend on each other, from 0 (not at all) to 1 (one tells the other)" },
};
