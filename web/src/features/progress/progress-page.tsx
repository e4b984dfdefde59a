"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { getConfig, getReport } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { formatElapsed, formatShare } from "@/lib/format";
import { useMayWrite, useSession } from "@/lib/session";
import { useTitle } from "@/lib/use-title";
import { CancelButton } from "./cancel-button";
import { Cancelled, Failed } from "./ended";
import { ProgressSkeleton } from "./progress-skeleton";
import { StepList } from "./step-list";
import { isFinal, STEPS } from "./steps";
import { useJob } from "./use-job";
import { useNow } from "./use-now";

const TITLES: Record<Job["status"], string> = {
  submitted: "Waiting to start",
  processing: "Analysing",
  completed: "The analysis is ready",
  failed: "The analysis failed",
  cancelled: "Cancelled",
};

/** Live news of one job, until it goes over to what it found. */
export function ProgressPage() {
  const jobId = useSearchParams().get("id");
  const { job, trace, receivedAt, problem, hasGivenUp, lookAgain } = useJob(jobId, usePatience());
  const isRunning = job !== null && !isFinal(job.status);
  const now = useNow(isRunning);
  useTitle(titleOf(job, problem?.status === 404));
  useOnward(job);

  if (!jobId) {
    return (
      <>
        <PageHead title="No analysis is named here."><p>Start one, or pick one from the list.</p></PageHead>
        <Elsewhere />
      </>
    );
  }
  if (!job && problem) {
    return (
      <>
        <PageHead title={problem.status === 404 ? "There is no such analysis." : "No news of this analysis."}><p className="break-words">{problem.status === 404 ? "It may have been deleted; this server keeps analyses for a limited time." : problem.message}</p></PageHead>
        {problem.status === 404 ? <Elsewhere /> : <Button tone="primary" onClick={lookAgain}>Look again</Button>}
      </>
    );
  }
  if (!job) return <ProgressSkeleton />;

  // The server's own clock for what has passed, ours only for what passes since its last word.
  const sinceNews = isRunning && now > receivedAt ? now - receivedAt : 0;
  const elapsed = Date.parse(job.updatedAt) - Date.parse(job.createdAt) + sinceNews;
  const step = STEPS.find((entry) => entry.step === job.step);

  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="min-w-0 space-y-6 lg:sticky lg:top-8 lg:self-start">
        <PageHead title={TITLES[job.status]}>
          <p className="break-words">
            {job.filename} · <span className="figures">{formatElapsed(elapsed)}</span>
            {job.attempt > 1 && ` · attempt ${job.attempt}`}
          </p>
        </PageHead>
        <p role="status" className="sr-only">{isRunning ? (step?.label ?? "") : TITLES[job.status]}</p>

        {job.status === "failed" && <Failed job={job} onRestart={lookAgain} />}
        {job.status === "cancelled" && <Cancelled job={job} onRestart={lookAgain} />}
        {job.status === "completed" && <Link href={`/results/?id=${encodeURIComponent(jobId)}`} className={buttonClass("primary")}>See result</Link>}
        {isRunning && (
          <div className="card p-5">
            <p aria-hidden className="flex items-baseline justify-between gap-4">
              <span className="figures font-serif text-5xl leading-none">{formatShare(job.progress / 100)}</span>
              <span className="text-right text-sm text-soft">{step?.label}</span>
            </p>
            <progress aria-label="Progress of the analysis" value={job.progress} max={100} className="mt-4 block h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[width] [&::-webkit-progress-value]:duration-300" />
            <div className="mt-4 flex items-center justify-between gap-4">
              <p className="text-sm text-soft">You may close this page; the analysis goes on and waits in the history.</p>
              <CancelButton jobId={jobId} filename={job.filename} />
            </div>
          </div>
        )}
        {isRunning && problem && <Notice tone="warn" role="status" title="The connection is broken."><p>The analysis goes on. This page tries to reach it again.</p></Notice>}
        {hasGivenUp && (
          <div className="space-y-3">
            <Notice tone="info" role="status" title="This takes unusually long."><p>The page has stopped asking; the analysis itself goes on.</p></Notice>
            <Button onClick={lookAgain}>Look again</Button>
          </div>
        )}
      </div>
      <section aria-labelledby="steps-title" className="card min-w-0 self-start p-5 sm:p-6">
        <h2 id="steps-title" className="mb-4 font-semibold">{isRunning ? "What is being done" : "How far it came"}</h2>
        <StepList job={job} trace={trace} now={receivedAt === 0 ? 0 : Date.parse(job.updatedAt) + sinceNews} />
      </section>
    </div>
  );
}

const PATIENCE_S = 600; // until the server says otherwise

/** How long the page asks after a job that does not end, as the server has it. Who only reads may not ask it. */
function usePatience(): number {
  const session = useSession();
  const mayWrite = useMayWrite();
  const config = useQuery({ queryKey: ["config"], queryFn: ({ signal }) => getConfig(signal), staleTime: Infinity, enabled: session.isSuccess && mayWrite });
  return 1000 * (config.data?.clientMaxWaitSeconds ?? PATIENCE_S);
}

function Elsewhere() {
  return (
    <div className="flex flex-wrap gap-3">
      <Link href="/" className={buttonClass("primary")}>Start a new analysis</Link>
      <Link href="/history/" className={buttonClass()}>Open the history</Link>
    </div>
  );
}

/** What the tab's title tells of the job, for the reader who looks at another tab. */
function titleOf(job: Job | null, isUnknown: boolean): string | null {
  if (!job) return isUnknown ? "No such analysis · DataPilot AI" : null;
  const state = job.status === "processing" ? `${job.progress}%` : TITLES[job.status];
  return `${state} · ${job.filename} · DataPilot AI`;
}

/** Fetch the next page while the job runs, and go there when it is ready. */
function useOnward(job: Job | null) {
  const router = useRouter();
  const client = useQueryClient();
  const jobId = job?.jobId;
  const isReady = job?.status === "completed";
  useEffect(() => {
    if (!jobId) return;
    const address = `/results/?id=${encodeURIComponent(jobId)}`;
    router.prefetch(address);
    if (!isReady) return;
    void client.prefetchQuery({ queryKey: ["report", jobId], queryFn: () => getReport(jobId) });
    router.replace(address); // replaced, so that "back" leads to the upload and not in a circle
  }, [client, isReady, jobId, router]);
}
