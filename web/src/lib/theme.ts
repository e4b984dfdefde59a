"use client";
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const KEY = "theme";
const DARK = "(prefers-color-scheme: dark)";
const listeners = new Set<() => void>();

function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system"; // storage closed to us: follow the system
  }
}

function apply(): void {
  const choice = read();
  const isDark = choice === "dark" || (choice === "system" && window.matchMedia(DARK).matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

export function setTheme(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light";
    return;
  }
  apply();
  for (const notify of listeners) notify();
}

/** The reader's choice; it is kept in this browser. public/start.js applies it before the first paint, and follows the
 * system where that is the choice. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    read,
    () => "system" as const,
  );
}
