"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { listJobs } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { formatAgo } from "@/lib/format";
import { useSession } from "@/lib/session";
import { useMedia } from "@/lib/use-media";

const SHOWN = 6;

/** The latest analyses, one press away. Only for who may list them: a visitor by share link is not asked for a key. */
export function Recent() {
  const isDesktop = useMedia("(min-width: 1024px)");
  return isDesktop ? <List /> : null;
}

function List() {
  const path = usePathname();
  const open = useSearchParams().get("id");
  const session = useSession();
  const mayList = session.data !== undefined && (!session.data.loginRequired || session.data.name !== null);
  const jobs = useQuery({ queryKey: ["jobs", "recent", path], queryFn: ({ signal }) => listJobs(signal, SHOWN), enabled: mayList, staleTime: 0, retry: false, placeholderData: keepPreviousData });
  if (!jobs.data?.length) return null;
  return (
    <nav aria-labelledby="recent" className="mt-8 min-h-0 flex-1 overflow-y-auto">
      <h2 id="recent" className="eyebrow mb-1 px-3">Recent</h2>
      <ul>
        {jobs.data.slice(0, SHOWN).map((job) => <li key={job.jobId}><Entry job={job} isHere={job.jobId === open} /></li>)}
      </ul>
    </nav>
  );
}

const DOTS: Record<Job["status"], string> = { submitted: "bg-edge", processing: "bg-accent animate-pulse-soft", completed: "bg-good", failed: "bg-bad", cancelled: "bg-edge" };

function Entry({ job, isHere }: { job: Job; isHere: boolean }) {
  return (
    <Link
      href={`/${job.status === "completed" ? "results" : "jobs"}/?id=${encodeURIComponent(job.jobId)}`}
      prefetch={false}
      aria-current={isHere ? "page" : undefined}
      title={`${job.filename}, ${job.status}, ${formatAgo(job.createdAt)}`}
      className={clsx("flex min-h-9 items-center gap-2.5 rounded-md px-3 text-[0.8125rem] hover:bg-sunken hover:text-ink", isHere ? "bg-sunken font-medium text-ink" : "text-soft")}
    >
      <span aria-hidden className={clsx("size-1.5 shrink-0 rounded-full", DOTS[job.status])} />
      <span className="truncate">{job.filename}</span>
    </Link>
  );
}
