"use client";
import { startTransition, useEffect, useRef, useState } from "react";
import { inTurn } from "./turns";
import { usePaper } from "./use-media";

const AHEAD = "400px"; // mount a little before the reader arrives, so that he never waits

const SOON_MS = 1200; // when the first screen has settled, what lies below is mounted too
const LATER_MS = 5000; // on a phone, whose processor is slow and whose reader may never come that far

/** A ref and whether its element may be mounted: near the viewport next, elsewhere one by one when all is quiet, on paper at once. */
export function useSeen<T extends Element>(isSeenAtOnce = false) {
  const ref = useRef<T>(null);
  const [isSeen, setSeen] = useState(isSeenAtOnce);
  const isPrint = usePaper();
  useEffect(() => {
    const element = ref.current;
    if (isSeen || !element) return;
    const mount = () => startTransition(() => setSeen(true));
    let withdraw = () => {};
    const queue = (isUrgent: boolean) => {
      withdraw();
      withdraw = inTurn(mount, { isUrgent });
    };
    if (typeof IntersectionObserver === "undefined") {
      queue(true);
      return () => withdraw();
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        clearTimeout(timer);
        queue(true);
      },
      { rootMargin: AHEAD },
    );
    const timer = setTimeout(() => queue(false), window.matchMedia("(min-width: 768px)").matches ? SOON_MS : LATER_MS);
    observer.observe(element);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
      withdraw();
    };
  }, [isSeen]);
  return [ref, isSeen || isSeenAtOnce || isPrint] as const;
}
