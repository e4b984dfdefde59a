"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { submitFile, submitSample, submitUrl } from "@/lib/api/client";
import { formatBytes } from "@/lib/format";

export type Submission =
  | { state: "idle" }
  | { state: "sending"; what: string; sent: number | null }
  | { state: "accepted"; what: string }
  | { state: "queue"; files: Queued[] }
  | { state: "refused"; message: string };

/** One of several files: how far it is, and why it was not taken if it was not. */
export type Queued = { name: string; state: "waiting" | "sending" | "accepted" | "refused"; message?: string; jobId?: string };

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

  /** Why a file need not be sent at all, or null. */
  const refusal = (file: File): string | null => {
    if (maxBytes !== undefined && file.size > maxBytes) return `${file.name} is ${formatBytes(file.size)}; this server takes files of up to ${formatBytes(maxBytes)}. Try a smaller extract, or pack it as .gz or .zip.`;
    return file.size === 0 ? `${file.name} is empty. Choose a file that holds a table.` : null;
  };

  const sendFile = (file: File) => {
    const message = refusal(file);
    if (message) {
      setSubmission({ state: "refused", message });
      return;
    }
    void send(file.name, (signal) => submitFile(file, { signal, onSent: (sent) => setSubmission({ state: "sending", what: file.name, sent }) }));
  };

  /** Several files go one after the other; one that is refused does not hold up the rest. */
  const sendQueue = async (files: File[]) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    let queue: Queued[] = files.map(({ name }) => ({ name, state: "waiting" }));
    const note = (index: number, change: Partial<Queued>) => {
      queue = queue.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
      setSubmission({ state: "queue", files: queue });
    };
    for (const [index, file] of files.entries()) {
      if (controller.signal.aborted) break;
      const message = refusal(file);
      if (message) {
        note(index, { state: "refused", message });
        continue;
      }
      note(index, { state: "sending" });
      try {
        const { jobId } = await submitFile(file, { signal: controller.signal, onSent: () => undefined });
        note(index, { state: "accepted", jobId });
      } catch (error) {
        note(index, { state: "refused", message: controller.signal.aborted ? "Stopped." : error instanceof Error ? error.message : "The upload failed." });
      }
    }
    if (!controller.signal.aborted && queue.every((entry) => entry.state === "accepted")) router.push("/history/");
  };

  return {
    submission,
    sendFiles: (files: File[]) => (files.length === 1 ? sendFile(files[0]!) : void sendQueue(files)),
    sendUrl: (address: string) => void send(address, () => submitUrl(address)),
    sendSample: (name: string) => void send(name, () => submitSample(name)),
    stop: () => running.current?.abort(),
  };
}
