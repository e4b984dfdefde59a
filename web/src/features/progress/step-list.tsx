import clsx from "clsx";
import { Check, X } from "lucide-react";
import type { Job } from "@/lib/api/types";
import { formatCounted, formatElapsed } from "@/lib/format";
import { isFinal, STEPS, stateOf, type StepState, type Trace } from "./steps";

const SAID: Record<StepState, string> = { waiting: "not started", running: "running", done: "done", stopped: "stopped here" };

function Sign({ state }: { state: StepState }) {
  return (
    <span aria-hidden className={clsx("relative z-10 mt-0.5 grid size-5 shrink-0 place-items-center rounded-full border-2", state === "done" ? "border-accent bg-accent text-on-accent" : "bg-surface", state === "running" && "border-accent", state === "waiting" && "border-line", state === "stopped" && "border-bad text-bad")}>
      {state === "done" && <Check className="size-3" strokeWidth={3.5} />}
      {state === "running" && <span className="size-2 animate-pulse-soft rounded-full bg-accent" />}
      {state === "stopped" && <X className="size-3" strokeWidth={3.5} />}
    </span>
  );
}

type Props = { job: Job; trace: Trace; now: number };

/** Every step by name, with what it counted and how long it took. Of a job that ended early, those it came to. */
export function StepList({ job, trace, now }: Props) {
  const walked = STEPS.map((entry) => ({ ...entry, state: stateOf(entry.step, job) })).filter(({ state }) => !isFinal(job.status) || state !== "waiting");
  const left = STEPS.length - walked.length;
  return (
    <>
      <ol className="relative">
        {walked.map(({ step, label, state }, index) => {
          const visit = trace[step];
          const elapsed = visit?.startedAt != null && state !== "waiting" ? (visit.endedAt ?? Math.max(now, visit.startedAt)) - visit.startedAt : null;
          return (
            <li key={step} className="relative flex gap-3 pb-5 last:pb-0" aria-current={state === "running" ? "step" : undefined}>
              {index < walked.length - 1 && <span aria-hidden className={clsx("absolute top-6 bottom-0 left-[0.5625rem] w-0.5", state === "done" ? "bg-accent" : "bg-line")} />}
              <Sign state={state} />
              <div className="min-w-0 flex-1">
                <p className={clsx(state === "running" && "font-semibold", state === "waiting" && "text-soft")}>
                  {label}
                  <span className="sr-only">: {SAID[state]}</span>
                </p>
                {visit?.detail && state !== "waiting" && <p className="text-sm break-words text-soft">{visit.detail}</p>}
              </div>
              {elapsed !== null && elapsed >= 0 && <span className="figures shrink-0 text-sm text-soft">{formatElapsed(elapsed)}</span>}
            </li>
          );
        })}
      </ol>
      {left > 0 && <p className="mt-4 text-sm text-soft">{formatCounted(left, "further step")} {left === 1 ? "was" : "were"} not begun.</p>}
    </>
  );
}
