"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Notice } from "@/components/ui/notice";
import { getConfig, getSamples } from "@/lib/api/client";
import { DropZone } from "./drop-zone";
import { FromPaste, usePastedTable } from "./from-paste";
import { FromUrl } from "./from-url";
import { Queue } from "./queue";
import { Samples } from "./samples";
import { Sending } from "./sending";
import { useSubmit } from "./use-submit";
import { WhatYouGet } from "./what-you-get";

const ASK_AGAIN_MS = 4000; // a server that is being restarted answers within seconds

const CONFIG = { queryKey: ["config"], queryFn: ({ signal }: { signal: AbortSignal }) => getConfig(signal), staleTime: Infinity };

/** Where everything begins: a file, an address or a sample. */
export function UploadPage() {
  const client = useQueryClient();
  const config = useQuery({ ...CONFIG, refetchInterval: (query) => (query.state.status === "error" ? ASK_AGAIN_MS : false) });
  const samples = useQuery({ queryKey: ["samples"], queryFn: ({ signal }) => getSamples(signal), staleTime: Infinity });
  const { submission, sendFiles, sendUrl, sendSample, stop } = useSubmit(() => client.fetchQuery(CONFIG).then((told) => told.maxUploadSizeBytes, () => undefined));
  const isQueueRunning = submission.state === "queue" && submission.files.some((file) => file.state === "waiting" || file.state === "sending");
  const isBusy = submission.state === "sending" || submission.state === "accepted" || isQueueRunning;
  usePastedTable(sendFiles, isBusy);

  return (
    <div className="grid gap-10 xl:grid-cols-[minmax(0,1fr)_21rem] xl:gap-16">
      <div className="min-w-0 space-y-6">
        <header className="max-w-2xl">
          <h1 className="font-serif text-[2rem] leading-[1.12] sm:text-5xl">Drop in a table. Read what it says.</h1>
          <p className="mt-3 text-base text-soft sm:text-lg">How good the data is, the figures that matter, and findings you can check down to the row.</p>
        </header>
        <DropZone maxBytes={config.data?.maxUploadSizeBytes} isBusy={isBusy} onFiles={sendFiles} />
        {(submission.state === "sending" || submission.state === "accepted") && <Sending submission={submission} onStop={stop} />}
        {submission.state === "queue" && <Queue files={submission.files} isRunning={isQueueRunning} onStop={stop} />}
        {submission.state === "refused" && (
          <Notice tone="bad" role="alert" title="That did not work.">
            <p className="break-words">{submission.message}</p>
          </Notice>
        )}
        {config.isError && (
          <Notice tone="warn" role="status" title="The server does not answer.">
            <p>Uploads will work again as soon as it does. This page keeps asking.</p>
          </Notice>
        )}
        {config.data?.fileUrlEnabled !== false && <FromUrl isBusy={isBusy} onUrl={sendUrl} />}
        <FromPaste isBusy={isBusy} onFiles={sendFiles} />
        <div className="min-h-[19rem]">{samples.data && <Samples samples={samples.data} isBusy={isBusy} onSample={sendSample} />}</div>
      </div>
      <WhatYouGet />
    </div>
  );
}
