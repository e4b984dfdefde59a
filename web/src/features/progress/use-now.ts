"use client";
import { useEffect, useState } from "react";

const TICK_MS = 250;

/** The time, renewed while `isTicking`; 0 before the first tick. */
export function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
