"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { runAgain } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { adviceFor } from "./advice";

type Props = { job: Job; onRestart: () => void };

function Again({ job, onRestart, tone }: Props & { tone: "primary" | "quiet" }) {
  const router = useRouter();
  const again = useMutation({
    mutationFn: () => runAgain(job.jobId),
    onSuccess: ({ jobId }) => (jobId === job.jobId ? onRestart() : router.replace(`/jobs/?id=${encodeURIComponent(jobId)}`)),
  });
  return (
    <>
      <Button tone={tone} disabled={again.isPending} onClick={() => again.mutate()}>Run it again</Button>
      {again.isError && <p role="alert" className="w-full text-sm text-bad">{again.error.message}</p>}
    </>
  );
}

/** A job that failed: what happened, what to do, and the code an engineer will ask for. */
export function Failed({ job, onRestart }: Props) {
  const advice = adviceFor(job.error);
  return (
    <div className="space-y-4">
      <Notice tone="bad" role="alert" title={job.errorMessage ?? "The analysis failed."}>
        {advice.text && <p>{advice.text}</p>}
        <p className="text-soft">Code <code className="font-mono text-xs">{job.error ?? "unknown"}</code>, id <code className="font-mono text-xs break-all">{job.jobId}</code></p>
      </Notice>
      <div className="flex flex-wrap gap-3">
        {advice.mayRunAgain && <Again job={job} onRestart={onRestart} tone="primary" />}
        <Link href="/" className={buttonClass(advice.mayRunAgain ? "quiet" : "primary")}>Upload another file</Link>
      </div>
    </div>
  );
}

/** A job that somebody stopped. */
export function Cancelled({ job, onRestart }: Props) {
  return (
    <div className="space-y-4">
      <Notice tone="info" role="status" title="This analysis was cancelled.">
        <p>Nothing was published. The list of steps shows how far it had come.</p>
      </Notice>
      <div className="flex flex-wrap gap-3">
        <Link href="/" className={buttonClass("primary")}>Start a new analysis</Link>
        <Again job={job} onRestart={onRestart} tone="quiet" />
      </div>
    </div>
  );
}
