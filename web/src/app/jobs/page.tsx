import type { Metadata } from "next";
import { Suspense } from "react";
import { ProgressPage } from "@/features/progress/progress-page";
import { ProgressSkeleton } from "@/features/progress/progress-skeleton";

export const metadata: Metadata = { title: "Analysing" };

export default function Page() {
  return (
    <Suspense fallback={<ProgressSkeleton />}>
      <ProgressPage />
    </Suspense>
  );
}
