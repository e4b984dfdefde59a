"use client";
import clsx from "clsx";
import { useState } from "react";

/**
 * A label that appears beside an icon on hover and focus, and goes on Escape. It repeats the control's accessible
 * name, so screen readers are not told twice.
 */
export function Tooltip({ label, children }: { label: string; children: React.ReactNode }) {
  const [isHushed, setHushed] = useState(false);
  return (
    <span
      className="group/tip relative block"
      onKeyDown={(event) => {
        if (event.key === "Escape") setHushed(true);
      }}
      onPointerEnter={() => setHushed(false)}
      onBlur={() => setHushed(false)}
    >
      {children}
      <span
        aria-hidden
        className={clsx(
          "pointer-events-none absolute top-1/2 left-full z-30 ml-2 -translate-y-1/2 rounded bg-ink px-2 py-1 text-xs font-medium whitespace-nowrap text-paper opacity-0 transition-opacity",
          !isHushed && "group-focus-within/tip:opacity-100 group-hover/tip:opacity-100",
        )}
      >
        {label}
      </span>
    </span>
  );
}
