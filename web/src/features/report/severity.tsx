import clsx from "clsx";
import type { Insight } from "@/lib/api/types";

const LOOKS: Record<Insight["severity"], string> = {
  critical: "bg-bad-wash text-bad",
  high: "bg-bad-wash text-bad",
  medium: "bg-warn-wash text-warn",
  low: "bg-wash text-accent",
  info: "bg-sunken text-soft",
};

/** How much a finding matters, as a word on its colour. */
export function Severity({ severity }: { severity: Insight["severity"] }) {
  return <span className={clsx("inline-block rounded-full px-2.5 py-0.5 text-xs font-semibold first-letter:uppercase", LOOKS[severity])}>{severity}</span>;
}
