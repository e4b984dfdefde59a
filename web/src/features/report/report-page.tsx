"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useDeferredValue, useEffect } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { ApiProblem, getReport, reportAddress } from "@/lib/api/client";
import { earlyHeadline, forgetEarly } from "@/lib/early";
import { cameByLink } from "@/lib/session";
import { ReportSkeleton } from "./report-skeleton";
import { ReportView } from "./report-view";

/** Fetch one report and show it, or say why there is none. */
export function ReportPage() {
  const jobId = useSearchParams().get("id");
  const report = useQuery({
    queryKey: ["report", jobId],
    queryFn: ({ signal }) => getReport(jobId ?? "", signal),
    enabled: jobId !== null,
    staleTime: Infinity, // a finished analysis does not change while it is being read
  });

  const data = useDeferredValue(report.data); // so that a long page is built in short pieces, between which the browser answers

  useEffect(() => {
    if (data) forgetEarly();
  }, [data]);

  const problem = report.error instanceof ApiProblem ? report.error : null;
  const isElsewhere = problem?.code === "result_not_ready";
  const router = useRouter();
  useEffect(() => {
    // Waiting, failed or cancelled: the page of its progress says which, and comes back by itself.
    if (isElsewhere && jobId !== null) router.replace(progressOf(jobId));
  }, [isElsewhere, jobId, router]);

  if (jobId === null) return <Missing title="No analysis is named here." text="Start one, or pick one from the history." />;
  if (report.isPending || report.data !== data) return <ReportSkeleton headline={earlyHeadline(reportAddress(jobId))} />;
  if (report.isSuccess) return <ReportView jobId={jobId} report={report.data} />;

  if (isElsewhere) {
    return (
      <>
        <PageHead title="There is no report of this analysis yet."><p className="break-words">{problem.message}</p></PageHead>
        <Link href={progressOf(jobId)} className={buttonClass("primary")}>See how far it came</Link>
      </>
    );
  }
  if (problem?.status === 404 && cameByLink(jobId)) return <Missing title="This link does not open anything any more." text="It was closed, or its week is over: ask who sent it for another." />;
  if (problem?.status === 404) return <Missing title="There is no such analysis." text="It may have been deleted; this server keeps analyses for a limited time." />;
  return (
    <>
      <PageHead title="The analysis could not be loaded." />
      <div className="max-w-2xl space-y-4">
        <Notice tone="bad" role="alert" title={report.error.message}>
          <p className="text-soft">Id <code className="font-mono text-xs break-all">{jobId}</code>. Loading changes nothing of it.</p>
        </Notice>
        <Button tone="primary" onClick={() => void report.refetch()}>Try again</Button>
      </div>
    </>
  );
}

const progressOf = (jobId: string) => `/jobs/?id=${encodeURIComponent(jobId)}`;

function Missing({ title, text }: { title: string; text: string }) {
  return (
    <>
      <PageHead title={title}><p>{text}</p></PageHead>
      <div className="flex flex-wrap gap-3">
        <Link href="/" className={buttonClass("primary")}>Start a new analysis</Link>
        <Link href="/history/" className={buttonClass()}>Open the history</Link>
      </div>
    </>
  );
}
