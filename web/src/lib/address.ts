"use client";
/** What of a page the reader has open, kept in its address: a reload, the way back and a sent link show the same. */
import { useMemo, useSyncExternalStore } from "react";

/** Parameters to write; null and an empty list take one out. */
type Change = Record<string, string | readonly string[] | null>;

const listeners = new Set<() => void>();
let aside = ""; // a page saved as a file has an address that must not be written: it is kept here

const isServed = () => window.location.protocol.startsWith("http");
const read = () => (isServed() ? window.location.search : aside);

function subscribe(notify: () => void) {
  listeners.add(notify);
  window.addEventListener("popstate", notify);
  return () => {
    listeners.delete(notify);
    window.removeEventListener("popstate", notify);
  };
}

/** The parameters of the address, as they are now. */
export function useAddress(): URLSearchParams {
  const text = useSyncExternalStore(subscribe, read, () => "");
  return useMemo(() => new URLSearchParams(text), [text]);
}

function written(change: Change): string {
  const now = new URLSearchParams(read());
  for (const [name, value] of Object.entries(change)) {
    now.delete(name);
    for (const entry of value === null ? [] : typeof value === "string" ? [value] : value) now.append(name, entry);
  }
  const text = now.toString();
  return text && `?${text}`;
}

function write(change: Change, how: "pushState" | "replaceState", state: object) {
  const search = written(change);
  // Next adds what it keeps of its own to the state.
  if (isServed()) window.history[how](state, "", `${window.location.pathname}${search}${window.location.hash}`);
  else aside = search;
  for (const notify of listeners) notify();
}

/** Write a step of its own, which “back” takes back. */
export const step = (change: Change) => write(change, "pushState", { isStep: true });

/** Write into the step at hand. */
export const amend = (change: Change) => write(change, "replaceState", { isStep: isOwnStep() });

/** Close what a step opened: by going back where that step is the latest, else in place, as after a sent link. */
export function leave(change: Change) {
  if (isServed() && isOwnStep()) window.history.back();
  else amend(change);
}

const isOwnStep = () => (window.history.state as { isStep?: boolean } | null)?.isStep === true;
