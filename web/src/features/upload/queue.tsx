import clsx from "clsx";
import Link from "next/link";
import { Button, buttonClass } from "@/components/ui/button";
import type { Queued } from "./use-submit";

const SAID: Record<Queued["state"], string> = { waiting: "Waiting", sending: "Sending", accepted: "Accepted", refused: "Not taken" };

type Props = { files: Queued[]; isRunning: boolean; onStop: () => void };

/** Several files on their way, each with what became of it. */
export function Queue({ files, isRunning, onStop }: Props) {
  return (
    <section aria-label="Files on their way" className="rounded-lg border bg-surface p-4">
      <ul role="status" className="divide-y">
        {files.map((file, index) => (
          <li key={index} className="flex flex-wrap items-baseline gap-x-4 py-2">
            <span className="min-w-0 flex-1 basis-40 font-medium break-words">{file.name}</span>
            <span className={clsx("text-sm", file.state === "refused" ? "text-bad" : file.state === "accepted" ? "text-good" : "text-soft", file.state === "sending" && "animate-pulse-soft")}>{SAID[file.state]}</span>
            {file.message && <span className="w-full text-sm break-words text-soft">{file.message}</span>}
          </li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-3">
        {isRunning ? <Button onClick={onStop}>Stop</Button> : <Link href="/history/" className={buttonClass("primary")}>See all analyses</Link>}
      </div>
    </section>
  );
}
