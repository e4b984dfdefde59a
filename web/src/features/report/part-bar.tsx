import { Filter, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { formatCount, formatCounted } from "@/lib/format";
import { useShortcuts } from "@/lib/keys";
import type { Looking } from "./use-part";

/** Which part of the table charts and figures are of, and the way back to all of it. Always in sight while it holds. */
export function PartBar({ looking, total }: { looking: Looking; total: number }) {
  const { picks, part, isComputing, problem } = looking;
  useShortcuts(picks.length > 0 ? [{ keys: "a", does: "Show all rows again", run: looking.clear }] : []);
  useFocusKept(picks.length, part);
  if (picks.length === 0) return null;
  return (
    <>
    <div aria-hidden className="no-print h-24" />
    <div role="region" aria-label="Part of the table" className="no-print fixed inset-x-0 bottom-0 z-30 md:left-16 lg:left-56 border-t border-accent bg-wash px-4 py-3 shadow-[0_-4px_16px_oklch(0.2_0.02_225/0.12)]">
      <div className="mx-auto flex max-w-[78rem] flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <p className="flex items-center gap-2 font-semibold"><Filter aria-hidden className="size-4 text-accent" />Only the part where</p>
        <ul className="flex min-w-0 flex-wrap gap-2">
          {picks.map((pick, index) => (
            <li key={pick.words} className="min-w-0">
              <button type="button" onClick={() => looking.drop(index)} aria-label={`Remove: ${pick.words}`} className="inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-full border border-edge bg-surface py-1 pr-2 pl-3 hover:bg-sunken">
                <span className="truncate">{pick.words}</span><X aria-hidden className="size-4 shrink-0 text-soft" />
              </button>
            </li>
          ))}
        </ul>
        <p role="status" className="figures min-w-0 flex-1 basis-40 text-soft">
          {problem ?? (isComputing || !part ? "Computing…" : `${formatCount(part.rows)} of ${formatCounted(total, "row")}. Key figures, charts and what goes together are of this part; all else is of all rows.`)}
        </p>
        <Button onClick={looking.clear}>Show all rows</Button>
      </div>
    </div>
    </>
  );
}

/** What is picked or cleared may take the focused button away with it; then the focus goes to the chart where the picking began. */
function useFocusKept(count: number, part: Looking["part"]) {
  const origin = useRef<Element | null>(null);
  const last = useRef(count);
  useEffect(() => {
    const focused = document.activeElement;
    if (count > last.current) origin.current = focused?.closest("figure") ?? origin.current;
    // A part that came with the address took nobody's focus away.
    const isOfReader = origin.current !== null || count < last.current;
    const isLost = last.current > 0 && isOfReader && (focused === null || focused === document.body);
    last.current = count;
    if (!isLost) return;
    const figure = origin.current?.isConnected ? origin.current : document.querySelector("#charts figure");
    figure?.querySelector<HTMLButtonElement>("button[aria-describedby]")?.focus({ preventScroll: true });
  }, [count, part]);
}
