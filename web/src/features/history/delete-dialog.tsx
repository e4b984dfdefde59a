"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { deleteJob } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";

type Props = { job: Job | null; onClose: () => void; onDeleted: () => void };

/** Ask once, then delete the analysis; the list is asked for anew, and shows it no longer. Closed without a `job`. */
export function DeleteDialog({ job, onClose, onDeleted }: Props) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (jobId: string) => deleteJob(jobId),
    onSuccess: async (_said, jobId) => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(jobId) });
      await client.invalidateQueries({ queryKey: ["jobs"] });
      onDeleted();
    },
  });
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Dialog isOpen={job !== null} onClose={close} title="Delete this analysis?" placement="center">
      <p className="mt-2 text-sm break-words text-soft">
        <span className="font-medium text-ink">{job?.filename}</span>, the uploaded file, all that was made of it and every link to it are deleted now, for everybody. This cannot be undone.
      </p>
      {remove.isError && <p role="alert" className="mt-3 text-sm text-bad">{remove.error.message}</p>}
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <Button onClick={close}>Keep it</Button>
        <Button tone="danger" disabled={remove.isPending} onClick={() => job && remove.mutate(job.jobId)}>Delete it</Button>
      </div>
    </Dialog>
  );
}
