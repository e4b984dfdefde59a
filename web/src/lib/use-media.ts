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

export type Width = "phone" | "tablet" | "desktop";

export function useWidth(): Width {
  const isDesktop = useMedia("(min-width: 1024px)");
  const isTablet = useMedia("(min-width: 768px)");
  return isDesktop ? "desktop" : isTablet ? "tablet" : "phone";
}
