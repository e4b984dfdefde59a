import { Button } from "@/components/ui/button";
import { formatShare } from "@/lib/format";
import type { Submission } from "./use-submit";

type Props = { submission: Extract<Submission, { state: "sending" | "accepted" }>; onStop: () => void };

/** How much of the file has left, with a way to stop it. */
export function Sending({ submission, onStop }: Props) {
  const sent = submission.state === "accepted" ? 1 : submission.sent;
  return (
    <div className="rounded-lg border bg-surface p-4">
      <div className="flex items-center gap-4">
        <p role="status" className="min-w-0 flex-1 break-words">
          {submission.state === "accepted" ? "Accepted: " : "Sending "}
          <span className="font-semibold">{submission.what}</span>
        </p>
        <span aria-hidden className="figures text-sm text-soft">{sent === null ? "" : formatShare(sent)}</span>
        {submission.state === "sending" && <Button onClick={onStop}>Stop</Button>}
      </div>
      <progress aria-label="Upload" value={sent ?? undefined} max={1} className="mt-3 block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent" />
    </div>
  );
}
