import clsx from "clsx";
import { ChevronRight } from "lucide-react";

type Props = { summary: React.ReactNode; className?: string; children: React.ReactNode };

/** Native <details>: opens without script, and the browser's own page search finds what is inside. */
export function Disclosure({ summary, className, children }: Props) {
  return (
    <details className={clsx("group/disclosure", className)}>
      <summary className="inline-flex min-h-11 items-center gap-1 rounded-md text-sm text-soft hover:text-ink">
        <ChevronRight aria-hidden className="size-4 shrink-0 transition-transform group-open/disclosure:rotate-90" />
        {summary}
      </summary>
      {children}
    </details>
  );
}
