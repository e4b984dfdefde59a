"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { cancelJob } from "@/lib/api/client";

/** Ask once, then stop the job. What follows arrives by the job's own news. */
export function CancelButton({ jobId, filename }: { jobId: string; filename: string }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({ mutationFn: () => cancelJob(jobId), onSuccess: () => setAsking(false) });
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setAsking(true)}>Cancel</Button>
      <Dialog isOpen={isAsking} onClose={() => setAsking(false)} title="Stop this analysis?" placement="center">
        <p className="mt-2 text-sm break-words text-soft">
          The work on <span className="font-medium text-ink">{filename}</span> ends at once and nothing of it is kept but the upload.
        </p>
        {cancel.isError && <p role="alert" className="mt-3 text-sm text-bad">{cancel.error.message}</p>}
        <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
          <Button onClick={() => setAsking(false)}>Keep going</Button>
          <Button tone="danger" disabled={cancel.isPending} onClick={() => cancel.mutate()}>Stop it</Button>
        </div>
      </Dialog>
    </>
  );
}
