"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { submitFile, submitSample, submitUrl } from "@/lib/api/client";
import { formatBytes } from "@/lib/format";

export type Submission =
  | { state: "idle" }
  | { state: "sending"; what: string; sent: number | null }
  | { state: "accepted"; what: string }
  | { state: "refused"; message: string };

/** Hand a file, an address or a sample to the server, then go where its progress is shown. */
export function useSubmit(maxBytes: number | undefined) {
  const router = useRouter();
  const [submission, setSubmission] = useState<Submission>({ state: "idle" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const send = useCallback(
    async (what: string, submit: (signal: AbortSignal) => Promise<{ jobId: string }>) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setSubmission({ state: "sending", what, sent: null });
      try {
        const { jobId } = await submit(controller.signal);
        setSubmission({ state: "accepted", what });
        router.push(`/jobs/?id=${encodeURIComponent(jobId)}`);
      } catch (error) {
        if (controller.signal.aborted) {
          if (running.current === controller) setSubmission({ state: "idle" });
          return;
        }
        setSubmission({ state: "refused", message: error instanceof Error ? error.message : "The upload failed." });
      }
    },
    [router],
  );

  const sendFile = (file: File) => {
    if (maxBytes !== undefined && file.size > maxBytes) {
      setSubmission({ state: "refused", message: `${file.name} is ${formatBytes(file.size)}; this server takes files of up to ${formatBytes(maxBytes)}. Try a smaller extract, or pack it as .gz or .zip.` });
      return;
    }
    if (file.size === 0) {
      setSubmission({ state: "refused", message: `${file.name} is empty. Choose a file that holds a table.` });
      return;
    }
    void send(file.name, (signal) => submitFile(file, { signal, onSent: (sent) => setSubmission({ state: "sending", what: file.name, sent }) }));
  };

  return {
    submission,
    sendFile,
    sendUrl: (address: string) => void send(address, () => submitUrl(address)),
    sendSample: (name: string) => void send(name, () => submitSample(name)),
    stop: () => running.current?.abort(),
  };
}
