import { Skeleton } from "@/components/ui/skeleton";
import { PageHead } from "@/components/ui/page-head";
import { STEPS } from "./steps";

/** The page's shape before the first news. */
export function ProgressSkeleton() {
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="space-y-6">
        <PageHead title="Analysing"><Skeleton className="h-6 w-48" /></PageHead>
        <Skeleton className="h-44 w-full rounded-xl" />
      </div>
      <div className="card space-y-5 p-5 sm:p-6">
        <Skeleton className="h-6 w-40 max-w-full" />
        {STEPS.map(({ step }) => <Skeleton key={step} className="h-6 w-64 max-w-full" />)}
      </div>
    </div>
  );
}
