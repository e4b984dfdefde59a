"use client";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { ApiProblem, eventsAddress, getJob } from "@/lib/api/client";
import type { Job } from "@/lib/api/types";
import { takeStreamSlot } from "@/lib/stream-slot";
import { follow, isFinal, type Trace } from "./steps";

/** Seconds between two looks when no stream is to be had; the last one repeats. */
const LOOK_AGAIN_S = [1, 2, 4, 8, 15];
/** Broken connections in a row before polling takes over from the stream. */
const STREAM_TRIES = 3;

type State = { job: Job | null; trace: Trace; receivedAt: number; problem: ApiProblem | null; hasGivenUp: boolean };
type Event = { kind: "snapshot"; job: Job; at: number } | { kind: "problem"; problem: ApiProblem } | { kind: "gave_up" } | { kind: "start"; trace: Trace };

const NOTHING: State = { job: null, trace: {}, receivedAt: 0, problem: null, hasGivenUp: false };

function reduce(state: State, event: Event): State {
  switch (event.kind) {
    case "start": return { ...NOTHING, trace: event.trace };
    case "problem": return { ...state, problem: event.problem };
    case "gave_up": return { ...state, hasGivenUp: true };
    case "snapshot":
      // The stream and a poll may cross: older news is no news.
      if (state.job && event.job.revision < state.job.revision) return state;
      return { job: event.job, trace: follow(state.trace, event.job), receivedAt: event.at, problem: null, hasGivenUp: false };
  }
}

const traceKey = (jobId: string) => `trace:${jobId}`;

function keptTrace(jobId: string): Trace {
  try {
    return JSON.parse(sessionStorage.getItem(traceKey(jobId)) ?? "{}") as Trace;
  } catch {
    return {}; // a reload then shows the steps without their times
  }
}

/**
 * Follow one job: by server-sent events, else by polling, until it ends or, polling, for `giveUpMs`. The walked steps survive a reload.
 *
 * A browser keeps six connections to a server that speaks HTTP/1.1, and a stream holds one: a tab that nobody sees gives its own back and
 * polls, and so does one that finds the places for streams taken by other tabs.
 */
export function useJob(jobId: string | null, giveUpMs: number) {
  const [state, dispatch] = useReducer(reduce, NOTHING);
  const [round, setRound] = useState(0);
  const patience = useRef(giveUpMs);
  useEffect(() => {
    patience.current = giveUpMs;
  }, [giveUpMs]);

  useEffect(() => {
    if (!jobId) return;
    let polling = new AbortController();
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let hasEnded = false;
    let turn = 0; // of streams and polls: what an earlier one waited for is no longer wanted
    let release: (() => void) | null = null;
    const startedAt = Date.now();
    dispatch({ kind: "start", trace: keptTrace(jobId) });

    const accept = (job: Job) => {
      dispatch({ kind: "snapshot", job, at: Date.now() });
      if (!isFinal(job.status)) return;
      hasEnded = true;
      stop();
    };

    const poll = async (looks: number, signal: AbortSignal) => {
      try {
        const job = await getJob(jobId, signal);
        if (signal.aborted) return;
        accept(job);
        if (isFinal(job.status)) return;
      } catch (error) {
        if (signal.aborted) return;
        const problem = error instanceof ApiProblem ? error : new ApiProblem(0, "unreachable", "The server does not answer.");
        dispatch({ kind: "problem", problem });
        if (problem.status >= 400 && problem.status < 500) return; // asking again would not change it
      }
      if (Date.now() - startedAt > patience.current) return dispatch({ kind: "gave_up" });
      timer = setTimeout(() => void poll(looks + 1, signal), 1000 * (LOOK_AGAIN_S[looks] ?? LOOK_AGAIN_S.at(-1)!));
    };

    const startPolling = () => {
      polling = new AbortController();
      void poll(0, polling.signal);
    };

    const listen = () => {
      const stream = new EventSource(eventsAddress(jobId));
      source = stream;
      stream.addEventListener("snapshot", (event) => {
        failures = 0;
        accept(JSON.parse((event as MessageEvent<string>).data) as Job);
      });
      stream.addEventListener("error", () => {
        failures += 1;
        if (stream !== source || (stream.readyState !== EventSource.CLOSED && failures < STREAM_TRIES)) return; // the browser reconnects by itself
        stop();
        startPolling();
      });
    };

    const listenIfFree = () => {
      const slot = takeStreamSlot();
      if (!slot) return listen();
      const mine = turn;
      void slot.then((free) => {
        if (mine !== turn) return free?.();
        release = free;
        if (free) listen();
        else startPolling();
      });
    };

    const stop = () => {
      turn += 1;
      release?.();
      release = null;
      polling.abort();
      clearTimeout(timer);
      source?.close();
      source = null;
    };

    const begin = () => {
      if (hasEnded) return;
      stop();
      failures = 0;
      if (document.hidden) startPolling();
      else listenIfFree();
    };

    begin();
    document.addEventListener("visibilitychange", begin);
    return () => {
      document.removeEventListener("visibilitychange", begin);
      stop();
    };
  }, [jobId, round]);

  useEffect(() => {
    if (!jobId || !state.job) return;
    try {
      sessionStorage.setItem(traceKey(jobId), JSON.stringify(state.trace));
    } catch {
      // Storage is full or closed: only the step times would be lost on reload.
    }
  }, [jobId, state.job, state.trace]);

  const lookAgain = useCallback(() => setRound((count) => count + 1), []);
  return { ...state, lookAgain };
}
