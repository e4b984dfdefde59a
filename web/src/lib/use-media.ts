"use client";
import { useSyncExternalStore } from "react";

/** Whether the viewport answers a media query; false until the browser has taken over. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", notify);
      return () => list.removeEventListener("change", notify);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}

let isPrinting = false;

/**
 * Whether the page is being put on paper. Known from the event before it: a browser counts its sheets before it tells
 * that the medium has changed, and what is drawn after that is cut off or followed by an empty sheet.
 */
export function usePaper(): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = window.matchMedia("print");
      const begin = () => { isPrinting = true; notify(); };
      const end = () => { isPrinting = false; notify(); };
      list.addEventListener("change", notify);
      window.addEventListener("beforeprint", begin);
      window.addEventListener("afterprint", end);
      return () => {
        list.removeEventListener("change", notify);
        window.removeEventListener("beforeprint", begin);
        window.removeEventListener("afterprint", end);
      };
    },
    () => isPrinting || window.matchMedia("print").matches,
    () => false,
  );
}

export type Width = "phone" | "tablet" | "desktop";

export function useWidth(): Width {
  const isDesktop = useMedia("(min-width: 1024px)");
  const isTablet = useMedia("(min-width: 768px)");
  return isDesktop ? "desktop" : isTablet ? "tablet" : "phone";
}
