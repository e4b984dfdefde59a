"use client";
import { useEffect, useRef } from "react";

/**
 * For a list that grows at a button: call what is returned when it is pressed, and the first new entry has the focus once it is there,
 * so that reading goes on where it stood although the button may be gone. Who has turned to something else meanwhile is left there.
 */
export function useGoingOn(count: number, entryAt: (index: number) => HTMLElement | null | undefined): (first?: number) => void {
  const wished = useRef<{ first: number; count: number; from: Element | null } | null>(null);
  useEffect(() => {
    const wish = wished.current;
    if (!wish || count <= wish.count) return;
    wished.current = null;
    const focused = document.activeElement;
    if (focused === null || focused === document.body || focused === wish.from) entryAt(wish.first)?.focus();
  });
  return (first = count) => {
    wished.current = { first, count, from: document.activeElement };
  };
}
