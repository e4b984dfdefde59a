import type { Insight } from "@/lib/api/types";
import { capitalise } from "@/lib/words";

/** Who should do something about a finding, and how soon: "Sales, high priority:". */
export function addressee({ recommendation: { who, priority } }: Insight): string {
  return `${who === "data" ? "Data team" : capitalise(who)}, ${priority} priority:`;
}
