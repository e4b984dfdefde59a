"use client";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useId, useRef, useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { PageHead } from "@/components/ui/page-head";
import { Skeleton } from "@/components/ui/skeleton";
import { amend, useAddress } from "@/lib/address";
import { listJobs } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { formatAgo, formatInstant } from "@/lib/format";
import { useShortcuts } from "@/lib/keys";
import { useMayWrite } from "@/lib/session";
import { DeleteDialog } from "./delete-dialog";

const REFRESH_MS = 4000; // while something runs; a list at rest is not asked for again

const LISTED = 500; // as many as the API gives at once

const FIND = "#find"; // in the address after `/` on another page: the search is what was asked for

const STATUS: Record<Job["status"], { label: string; className: string }> = {
  submitted: { label: "Waiting", className: "bg-sunken text-soft" },
  processing: { label: "Running", className: "bg-wash text-accent" },
  completed: { label: "Ready", className: "bg-good-wash text-good" },
  failed: { label: "Failed", className: "bg-bad-wash text-bad" },
  cancelled: { label: "Cancelled", className: "bg-sunken text-soft" },
};

const isLive = (job: Job) => job.status === "submitted" || job.status === "processing";
const addressOf = (job: Job) => `/${job.status === "completed" ? "results" : "jobs"}/?id=${encodeURIComponent(job.jobId)}`;

/** The latest analyses this server still keeps, newest first. */
export function HistoryPage() {
  const jobs = useQuery({
    queryKey: ["jobs"],
    queryFn: ({ signal }) => listJobs(signal, LISTED),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.some(isLive) ? REFRESH_MS : false),
  });

  const sought = useAddress().get("find") ?? "";
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: "/", does: "Search the history", run: () => field.current?.focus() }]);
  const mayWrite = useMayWrite();
  const [doomed, setDoomed] = useState<Job | null>(null);
  const [ticked, setTicked] = useState<string[]>([]);
  const picked = ticked.filter((jobId) => jobs.data?.some((job) => job.jobId === jobId)); // one may have been deleted since
  const id = useId();
  const needle = sought.trim().toLowerCase();
  const found = (jobs.data ?? []).filter((job) => `${job.filename} ${STATUS[job.status].label}`.toLowerCase().includes(needle));
  // The first picked is what was before; a third one takes the place of the second.
  const pick = (jobId: string) => setTicked(picked.includes(jobId) ? picked.filter((other) => other !== jobId) : [...picked.slice(0, 1), jobId]);

  return (
    <>
      <PageHead title="History"><p>Analyses this server still keeps, newest first.</p></PageHead>
      {jobs.isPending && <div role="status" aria-label="Loading the history" className="space-y-2">{[0, 1, 2, 3].map((row) => <Skeleton key={row} className="h-16" />)}</div>}
      {jobs.isError && (
        <div className="space-y-4">
          <Notice tone="bad" role="alert" title="The history could not be loaded."><p>{jobs.error.message}</p></Notice>
          <Button onClick={() => void jobs.refetch()}>Try again</Button>
        </div>
      )}
      {jobs.data?.length === 0 && (
        <div className="max-w-xl rounded-lg border bg-surface p-6">
          <p className="font-serif text-xl">Nothing has been analysed yet.</p>
          <p className="mt-1 mb-5 text-soft">Your first file, or one of the samples, will be listed here.</p>
          <Link href="/" className={buttonClass("primary")}>Start the first analysis</Link>
        </div>
      )}
      {jobs.data && jobs.data.length > 0 && (
        <>
          <div className="mb-4 flex flex-wrap items-center gap-3">
            <div className="min-w-0 flex-1 basis-60 sm:max-w-sm">
              <label htmlFor={id} className="sr-only">Find an analysis by file name or state</label>
              <input ref={field} autoFocus={window.location.hash === FIND} id={id} type="search" value={sought} placeholder="Find by file name or state" onChange={(event) => amend({ find: event.target.value || null })} className="min-h-11 w-full rounded-md border border-edge bg-surface px-3 placeholder:text-soft" />
            </div>
            {picked.length === 2 ? (
              <Link href={`/compare/?a=${encodeURIComponent(picked[0]!)}&b=${encodeURIComponent(picked[1]!)}`} className={buttonClass("primary")}>Compare these two</Link>
            ) : (
              jobs.data.filter((job) => job.status === "completed").length > 1 && <p className="text-sm text-soft">{picked.length === 1 ? "Tick a second one to compare." : "Tick two to compare them."}</p>
            )}
          </div>
          {found.length === 0 && <p role="status" className="text-soft">No analysis matches.</p>}
          {found.length > 0 && (
            <ul className="divide-y border-y">
              {found.map((job) => <Entry key={job.jobId} job={job} isPicked={picked.includes(job.jobId)} onPick={() => pick(job.jobId)} onDelete={mayWrite ? () => setDoomed(job) : undefined} />)}
            </ul>
          )}
          {jobs.data.length === LISTED && <p className="mt-4 text-sm text-soft">These are the latest {LISTED} analyses; earlier ones open at their own addresses.</p>}
          <DeleteDialog
            job={doomed}
            onClose={() => setDoomed(null)}
            onDeleted={() => {
              setDoomed(null);
              field.current?.focus(); // what opened the dialog is gone
            }}
          />
        </>
      )}
    </>
  );
}

type EntryProps = { job: Job; isPicked: boolean; onPick: () => void; onDelete?: () => void };

function Entry({ job, isPicked, onPick, onDelete }: EntryProps) {
  const status = STATUS[job.status];
  return (
    <li className="relative flex min-h-13 flex-wrap items-center gap-x-4 gap-y-1 py-2 hover:bg-sunken sm:px-3">
      {job.status === "completed" ? (
        <label className="relative z-10 -my-2 -ml-3 grid size-11 shrink-0 cursor-pointer place-items-center">
          <input type="checkbox" checked={isPicked} onChange={onPick} aria-label={`Compare ${job.filename}, ${formatInstant(job.createdAt)}`} className="size-4 accent-(--accent)" />
        </label>
      ) : (
        <span aria-hidden className="-ml-3 size-11 shrink-0" />
      )}
      <div className="min-w-0 flex-1 basis-28 sm:basis-48">
        <Link href={addressOf(job)} className="font-medium break-words after:absolute after:inset-0 hover:underline">{job.filename}</Link>
        <p className="text-sm break-words text-soft">{job.status === "failed" ? job.errorMessage : job.detail === job.filename ? null : job.detail}</p>
      </div>
      <span className={clsx("figures inline-flex rounded-full px-2.5 py-0.5 text-xs font-semibold", status.className)}>
        {status.label}{job.status === "processing" && ` ${job.progress}%`}
      </span>
      <time dateTime={job.createdAt} title={formatInstant(job.createdAt)} className="text-sm text-soft max-sm:-mt-1 max-sm:grow max-sm:basis-[calc(100%-4rem)] max-sm:pl-12 sm:w-32 sm:text-right">{formatAgo(job.createdAt)}</time>
      {onDelete && isLive(job) && <span aria-hidden className="size-11 shrink-0 max-sm:hidden" />}
      {onDelete && !isLive(job) && (
        <button type="button" aria-haspopup="dialog" aria-label={`Delete ${job.filename}, ${formatInstant(job.createdAt)}`} onClick={onDelete} className="relative z-10 -my-2 grid size-11 shrink-0 place-items-center rounded-md text-soft hover:bg-bad-wash hover:text-bad">
          <Trash2 aria-hidden className="size-4" />
        </button>
      )}
    </li>
  );
}
