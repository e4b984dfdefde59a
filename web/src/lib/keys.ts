"use client";
/** Keys that do something on the page at hand. Never taken from a field, from the browser or from a dialog that is open. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export type Shortcut = {
  /** One key as `KeyboardEvent.key` names it, or two with a space between, pressed one after the other. */
  keys: string;
  does: string;
  run: () => void;
  /** Of every page: gives way to a page's own, and stands last in the list. */
  isGlobal?: boolean;
  /** Works while a dialog is open too. */
  inDialog?: boolean;
};

const SECOND_KEY_MS = 1500; // time between the two keys of a pair
const KEPT_AS = "shortcuts";
const TYPED_INTO = "input:not([type=checkbox],[type=radio],[type=file],[type=button]), textarea, select, [contenteditable]";

const registered = new Set<{ current: readonly Shortcut[] }>();
const listeners = new Set<() => void>();

/** All shortcuts of the page at hand, its own first; of two with the same keys the page's own alone. */
export function shortcutsNow(): Shortcut[] {
  const all = [...registered].flatMap((list) => list.current).sort((a, b) => Number(a.isGlobal ?? false) - Number(b.isGlobal ?? false));
  return all.filter((shortcut, index) => all.findIndex((other) => other.keys === shortcut.keys) === index);
}

/** Offer these while the component is mounted. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    registered.add(latest);
    return () => void registered.delete(latest);
  }, []);
}

function areOn(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) !== "off";
  } catch {
    return true; // storage closed to us
  }
}

/** Single keys can get in the way of speech input, so they can be switched off (WCAG 2.1.4). */
export function switchShortcuts(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, "off");
  } catch {
    return; // storage closed to us: they stay as they are
  }
  for (const notify of listeners) notify();
}

export const useAreShortcutsOn = () =>
  useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => void listeners.delete(notify);
    },
    areOn,
    () => true,
  );

/** Listen, once for the whole app. */
export function useKeyListener(): void {
  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || !areOn()) return;
      if ((event.target as Element | null)?.closest?.(TYPED_INTO)) return;
      const isOverlaid = document.querySelector("dialog[open]") !== null;
      const shortcuts = shortcutsNow().filter((shortcut) => !isOverlaid || shortcut.inDialog);
      const pair = event.timeStamp - firstAt < SECOND_KEY_MS ? `${first} ${event.key}` : "";
      const found = shortcuts.find((shortcut) => shortcut.keys === pair) ?? shortcuts.find((shortcut) => shortcut.keys === event.key);
      [first, firstAt] = found ? ["", 0] : [event.key, event.timeStamp];
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}
