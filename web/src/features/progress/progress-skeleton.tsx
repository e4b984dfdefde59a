import { Skeleton } from "@/components/ui/skeleton";
import { PageHead } from "@/components/ui/page-head";
import { STEPS } from "./steps";

/** The page's shape before the first news. */
export function ProgressSkeleton() {
  return (
    <div className="max-w-2xl">
      <PageHead title="Analysing"><Skeleton className="h-5 w-48" /></PageHead>
      <Skeleton className="mb-8 h-2 w-full" />
      <div className="space-y-5">
        {STEPS.map(({ step }) => <Skeleton key={step} className="h-6 w-64 max-w-full" />)}
      </div>
    </div>
  );
}
