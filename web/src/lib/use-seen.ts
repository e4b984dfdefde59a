"use client";
import { useEffect, useRef, useState } from "react";

const AHEAD = "400px"; // mount a little before the reader arrives, so that he never waits

const SOON_MS = 1200; // when the first screen has settled, what lies below is mounted too: for print and for search

/** A ref and whether its element may be mounted: at once near the viewport, a little later elsewhere. */
export function useSeen<T extends Element>(isSeenAtOnce = false) {
  const ref = useRef<T>(null);
  const [isSeen, setSeen] = useState(isSeenAtOnce);
  useEffect(() => {
    const element = ref.current;
    if (isSeen || !element) return;
    if (typeof IntersectionObserver === "undefined") {
      const timer = setTimeout(() => setSeen(true));
      return () => clearTimeout(timer);
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    const timer = setTimeout(() => setSeen(true), SOON_MS);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [isSeen]);
  return [ref, isSeen || isSeenAtOnce] as const;
}
