import { Skeleton } from "@/components/ui/skeleton";

/** The report's shape while it is on its way. */
export function ReportSkeleton() {
  return (
    <div role="status" aria-label="Loading the analysis">
      <h1 className="sr-only">Loading the analysis</h1>
      <div className="grid gap-8 lg:grid-cols-12">
        <div className="space-y-4 lg:col-span-7">
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-20 w-full" />
        </div>
        <Skeleton className="h-80 max-lg:order-3 lg:col-span-5" />
        <Skeleton className="h-28 lg:col-span-12" />
        <Skeleton className="h-32 lg:col-span-12" />
      </div>
    </div>
  );
}
