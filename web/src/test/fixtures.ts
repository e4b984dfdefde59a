/** A real result, as `python -m datapilot.api.publish` writes it, and makers of variants. */
import type { Job, Report } from "@/lib/api/types";
import type { Columns } from "@/lib/words";
import sales from "../../../docs/result.example.json";

export const salesReport = sales as unknown as Report;

/** Columns of numbers as a report tells them, each with its name in words. */
export const labelled = (...names: string[]): Columns => new Map(names.map((name) => [name, { inferred_type: "numeric", label: name.replaceAll("_", " ") }]));

export function jobWith(changes: Partial<Job>): Job {
  return {
    jobId: "job_1",
    status: "processing",
    step: "reading",
    progress: 20,
    detail: "",
    error: null,
    errorMessage: null,
    resultUrl: null,
    createdAt: "2026-11-22T10:00:00.000Z",
    updatedAt: "2026-11-22T10:00:01.000Z",
    timeoutAt: "2026-11-22T10:10:00.000Z",
    cancelledAt: null,
    attempt: 1,
    filename: "sales.csv",
    revision: 1,
    ...changes,
  };
}
