"use client";
import { useEffect, useRef, useState } from "react";

const AHEAD = "400px"; // mount a little before the reader arrives, so that he never waits

/** A ref and whether its element has come near the viewport yet; once seen, always seen. */
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
    return () => observer.disconnect();
  }, [isSeen]);
  return [ref, isSeen || isSeenAtOnce] as const;
}
