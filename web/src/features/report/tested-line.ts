import type { InsightsMetadata } from "@/lib/api/types";
import { formatCount, formatCounted, formatNumber } from "@/lib/format";

const LEAST_SAID = 0.1; // expected by chance; a rounded zero would promise too much

/** How many relations were looked at, how many would look like something by luck, and how many figures were checked. */
export function testedLine(metadata: InsightsMetadata): string {
  const parts = [];
  if (metadata.testsRun > 0) parts.push(`${formatCounted(metadata.testsRun, "relation")} tested, ${metadata.expectedByChance < LEAST_SAID ? `fewer than ${LEAST_SAID}` : formatNumber(metadata.expectedByChance, null)} expected by chance.`);
  if (metadata.claimsVerified > 0) parts.push(`${formatCounted(metadata.claimsVerified, "claim")} recomputed and found equal${metadata.claimsDropped > 0 ? `, ${formatCount(metadata.claimsDropped)} dropped` : ""}.`);
  return parts.join(" ");
}
