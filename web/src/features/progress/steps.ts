import type { Job, JobStep } from "@/lib/api/types";

/** The way of a job, in the order it is walked. "done" is where it ends, so it is no step of the list. */
export const STEPS: readonly { step: JobStep; label: string }[] = [
  { step: "queued", label: "Waiting for a free worker" },
  { step: "reading", label: "Reading the file" },
  { step: "typing", label: "Recognising each column" },
  { step: "profiling", label: "Counting and measuring" },
  { step: "quality", label: "Checking the quality" },
  { step: "charts", label: "Choosing charts" },
  { step: "facts", label: "Testing for patterns" },
  { step: "insights", label: "Writing the findings" },
  { step: "saving", label: "Saving" },
];

/** When a step began is unknown to who came after the job had ended. */
export type Visit = { startedAt: number | null; endedAt: number | null; detail: string };
export type Trace = Partial<Record<JobStep, Visit>>;
export type StepState = "waiting" | "running" | "done" | "stopped";

const position = (step: JobStep) => (step === "done" ? STEPS.length : STEPS.findIndex((entry) => entry.step === step));

export const isFinal = (status: Job["status"]) => status === "completed" || status === "failed" || status === "cancelled";

/** Note in the trace what a snapshot says: when its step began, when the one before ended, and the step's own words. */
export function follow(trace: Trace, job: Job): Trace {
  const at = Date.parse(job.updatedAt);
  const next: Trace = {};
  for (const [step, visit] of Object.entries(trace) as [JobStep, Visit][]) {
    // A new attempt starts over: steps that lie ahead again have not been walked.
    if (position(step) > position(job.step)) continue;
    next[step] = step !== job.step && visit.endedAt === null ? { ...visit, endedAt: at } : visit;
  }
  const here = next[job.step];
  const seenFirst = job.step === "queued" ? Date.parse(job.createdAt) : isFinal(job.status) ? null : at;
  const startedAt = here ? here.startedAt : seenFirst;
  next[job.step] = { startedAt, endedAt: isFinal(job.status) ? at : null, detail: job.detail || (here?.detail ?? "") };
  return next;
}

export function stateOf(step: JobStep, job: Job): StepState {
  const distance = position(step) - position(job.step);
  if (job.status === "completed" || distance < 0) return "done";
  if (distance > 0) return "waiting";
  return job.status === "failed" || job.status === "cancelled" ? "stopped" : "running";
}
