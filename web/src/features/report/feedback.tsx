"use client";
import { useMutation } from "@tanstack/react-query";
import { Check, Pencil, ThumbsDown, ThumbsUp } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { sendFeedback, type FeedbackSaid } from "@/lib/api/client";
import type { Insight, Judgement } from "@/lib/api/types";
import { EditForm } from "./edit-form";

const REASONS: [string, string][] = [
  ["not_true", "It is not true"], ["not_useful", "It is of no use to me"], ["obvious", "Everybody knows it"],
  ["unclear", "I do not understand it"], ["wrong_priority", "It matters more or less than said"], ["wrong_advice", "The advice is wrong"],
];

/** `judged`: what was said of it last, before this visit. */
type Props = { jobId: string; insight: Insight; judged?: Judgement["action"]; describedBy: string };

/** What a reader thinks of a finding: one press for yes, two for no and why, or better words for it. It is kept on the server that asked. */
export function Feedback({ jobId, insight, judged, describedBy }: Props) {
  const [asked, setAsked] = useState<"reject" | "edit" | null>(null);
  const [kept, setKept] = useState<"approve" | "reject" | "edit" | null>(null);
  const send = useMutation({
    mutationFn: (said: Omit<FeedbackSaid, "jobId" | "insightId">) => sendFeedback({ jobId, insightId: insight.id, ...said }),
    onSuccess: (_, said) => {
      setKept(said.action === "skip" ? null : said.action);
      setAsked(null);
    },
  });
  const ask = (wanted: "reject" | "edit") => {
    send.reset();
    setAsked(wanted);
  };
  const now = kept ?? judged;
  const problem = send.isError ? send.error.message : null;
  return (
    <div className="no-print flex flex-wrap items-center gap-x-1">
      <Button tone="plain" aria-pressed={now === "approve"} aria-describedby={describedBy} disabled={send.isPending} onClick={() => send.mutate({ action: "approve", score: 5 })} className="px-3! text-soft! aria-pressed:text-good!">
        <ThumbsUp aria-hidden className="size-4" />Helpful
      </Button>
      <Button tone="plain" aria-haspopup="dialog" aria-pressed={now === "reject"} aria-describedby={describedBy} disabled={send.isPending} onClick={() => ask("reject")} className="px-3! text-soft! aria-pressed:text-bad!">
        <ThumbsDown aria-hidden className="size-4" />Not helpful
      </Button>
      <Button tone="plain" aria-haspopup="dialog" aria-pressed={now === "edit"} aria-describedby={describedBy} disabled={send.isPending} onClick={() => ask("edit")} className="px-3! text-soft! aria-pressed:text-good!">
        <Pencil aria-hidden className="size-4" />Edit
      </Button>
      <p role="status" className="text-sm text-soft">{kept && <span className="inline-flex items-center gap-1"><Check aria-hidden className="size-4" />Kept, thank you.</span>}</p>
      {problem && asked === null && <p role="alert" className="w-full text-sm text-bad">{problem}</p>}
      <Dialog isOpen={asked === "edit"} onClose={() => setAsked(null)} title="Say it better" placement="center">
        <EditForm insight={insight} problem={problem} isBusy={send.isPending} onCancel={() => setAsked(null)} onSend={(edited) => send.mutate({ action: "edit", score: 4, edited })} />
      </Dialog>
      <Dialog isOpen={asked === "reject"} onClose={() => setAsked(null)} title="What is wrong with it?" placement="center">
        <Reject headline={insight.headline} problem={problem} isBusy={send.isPending} onCancel={() => setAsked(null)} onSend={(reason, comment) => send.mutate({ action: "reject", score: 1, reason, ...(comment ? { comment } : {}) })} />
      </Dialog>
    </div>
  );
}

type RejectProps = { headline: string; problem: string | null; isBusy: boolean; onCancel: () => void; onSend: (reason: string, comment: string) => void };

function Reject({ headline, problem, isBusy, onCancel, onSend }: RejectProps) {
  const id = useId();
  const [reason, setReason] = useState("not_useful");
  const [comment, setComment] = useState("");
  return (
    <form
      className="mt-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(reason, comment.trim());
      }}
    >
      <p className="text-sm break-words text-soft">{headline}</p>
      <fieldset className="mt-3">
        <legend className="sr-only">The reason</legend>
        {REASONS.map(([value, words]) => (
          <label key={value} className="flex min-h-11 cursor-pointer items-center gap-3 text-sm">
            <input type="radio" name={id} value={value} checked={reason === value} onChange={() => setReason(value)} className="size-4 accent-(--accent)" />
            {words}
          </label>
        ))}
      </fieldset>
      <label htmlFor={`${id}-comment`} className="mt-2 block text-sm font-semibold">In your own words, if you like</label>
      <textarea id={`${id}-comment`} rows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} className="mt-1 w-full rounded-md border border-edge bg-surface p-3" />
      {problem && <p role="alert" className="mt-2 text-sm text-bad">{problem}</p>}
      <div className="mt-4 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <Button onClick={onCancel}>Never mind</Button>
        <Button type="submit" tone="primary" disabled={isBusy}>Send</Button>
      </div>
    </form>
  );
}
