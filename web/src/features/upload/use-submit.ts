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

/** Hand a file, an address or a sample to the server, then go where its progress is shown. `askLimit` says how many
 * bytes the server takes, or undefined where it does not tell: a file beyond that is not sent, as a server that stops
 * reading looks from here like one that is gone. */
export function useSubmit(askLimit: () => Promise<number | undefined>) {
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

  /** Send one file, unless it need not be sent at all. */
  const sendOne = async (file: File, options: Parameters<typeof submitFile>[1]) => {
    const message = refusalOf(file, await askLimit());
    if (message) throw new Error(message);
    options.signal.throwIfAborted();
    return submitFile(file, options);
  };

  const sendFile = (file: File) => void send(file.name, (signal) => sendOne(file, { signal, onSent: (sent) => setSubmission({ state: "sending", what: file.name, sent }) }));

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
      note(index, { state: "sending" });
      try {
        const { jobId } = await sendOne(file, { signal: controller.signal, onSent: () => undefined });
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

/** Why a file need not be sent, or null. */
function refusalOf(file: File, maxBytes: number | undefined): string | null {
  if (maxBytes !== undefined && file.size > maxBytes) return `${file.name} is ${formatBytes(file.size)}; this server takes files of up to ${formatBytes(maxBytes)}. Try a smaller extract, or pack it as .gz or .zip.`;
  return file.size === 0 ? `${file.name} is empty. Choose a file that holds a table.` : null;
}
