import type { Metadata } from "next";
import { Suspense } from "react";
import { ReportPage } from "@/features/report/report-page";
import { ReportSkeleton } from "@/features/report/report-skeleton";

export const metadata: Metadata = { title: "Analysis" };

export default function Page() {
  return (
    <Suspense fallback={<ReportSkeleton />}>
      <ReportPage />
    </Suspense>
  );
}
