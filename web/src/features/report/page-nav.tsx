"use client";
import { formatCount } from "@/lib/format";
import { useLive } from "@/lib/live";
import { Downloads } from "./downloads";

type Props = { jobId: string; hasCharts: boolean; hasPairs: boolean; insightCount: number };

/** The report's own table of contents, from tablets up; on a phone the thumb is quicker. */
export function PageNav({ jobId, hasCharts, hasPairs, insightCount }: Props) {
  const isLive = useLive();
  const places = [
    ["quality", "Quality"],
    ["insights", `Insights ${formatCount(insightCount)}`],
    ...(hasCharts ? [["charts", "Charts"]] : []),
    ...(hasPairs ? [["together", "Together"]] : []),
    ["columns", "Columns"],
    ["receipt", "How it was read"],
    ["rows", "Rows"],
  ] as const;
  return (
    <div className="no-print sticky top-0 z-10 -mx-2 hidden items-center gap-2 border-b bg-paper px-2 md:flex">
      <nav aria-label="On this page" className="min-w-0 flex-1">
        <ul className="flex flex-wrap gap-1">
          {places.map(([id, label]) => (
            <li key={id}><a href={`#${id}`} className="figures inline-flex min-h-11 items-center rounded-md px-3 text-sm font-medium text-soft hover:text-ink hover:underline">{label}</a></li>
          ))}
        </ul>
      </nav>
      {isLive && <div className="hidden xl:block"><Downloads jobId={jobId} /></div>}
    </div>
  );
}
