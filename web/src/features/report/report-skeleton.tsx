import { Skeleton } from "@/components/ui/skeleton";
import { TOGETHER, RIGHT_TO_LEFT, typeset } from "@/lib/words";
import { HEADLINE_LOOKS, headlineLook } from "./headline-look";

/**
 * The report's shape while it is on its way. public/start.js puts the main finding in its place before the rest is there;
 * from then on it is the `headline`, so that it does not vanish while the page is built.
 */
export function ReportSkeleton({ headline }: { headline?: string }) {
  return (
    <div role="status" aria-label="Loading the analysis" className="flex flex-col gap-6 lg:grid lg:grid-cols-12 lg:gap-x-10">
      <div className="lg:col-span-7">
        <p className="eyebrow mb-2">Main finding</p>
        <div className="min-h-40">
          {headline ? (
            <h1 className={headlineLook(headline)}>{typeset(headline)}</h1>
          ) : (
            <h1 data-early={JSON.stringify({ looks: HEADLINE_LOOKS, together: TOGETHER.source, turned: RIGHT_TO_LEFT.source })} className="sr-only">Loading the analysis</h1>
          )}
        </div>
        <Skeleton className="mt-3 h-4 w-3/4" />
        <Skeleton className="mt-5 h-24 w-full" />
      </div>
      <Skeleton className="h-80 rounded-xl max-lg:order-3 lg:col-span-5" />
      <Skeleton className="h-24 rounded-xl lg:col-span-12" />
      <Skeleton className="h-40 rounded-xl lg:col-span-12" />
    </div>
  );
}
