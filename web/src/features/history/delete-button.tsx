"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { deleteJob } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { formatInstant } from "@/lib/format";

/** Ask once, then delete the analysis; the list is asked for anew, and shows it no longer. */
export function DeleteButton({ job }: { job: Job }) {
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteJob(job.jobId),
    onSuccess: async () => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(job.jobId) });
      await client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
  return (
    <>
      <button type="button" aria-haspopup="dialog" aria-label={`Delete ${job.filename}, ${formatInstant(job.createdAt)}`} onClick={() => setAsking(true)} className="relative z-10 -my-2 grid size-11 shrink-0 place-items-center rounded-md text-soft hover:bg-bad-wash hover:text-bad">
        <Trash2 aria-hidden className="size-4" />
      </button>
      <Dialog isOpen={isAsking} onClose={() => setAsking(false)} title="Delete this analysis?" placement="center">
        <p className="mt-2 text-sm break-words text-soft">
          <span className="font-medium text-ink">{job.filename}</span>, the uploaded file, all that was made of it and every link to it are deleted now, for everybody. This cannot be undone.
        </p>
        {remove.isError && <p role="alert" className="mt-3 text-sm text-bad">{remove.error.message}</p>}
        <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>Delete it</Button>
        </div>
      </Dialog>
    </>
  );
}
