"use client";
import { ChevronDown } from "lucide-react";
import { useEffect, useRef } from "react";
import { buttonClass } from "./button";

type Props = { label: string; icon?: React.ReactNode; children: React.ReactNode };

/** A short list that opens below its button; a native <details> that closes on Escape, outside clicks and choice. */
export function Menu({ label, icon, children }: Props) {
  const ref = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const details = ref.current;
      if (!details?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        if (details.contains(document.activeElement)) details.querySelector("summary")?.focus();
      } else if (event.type === "pointerdown" && details.contains(event.target as Node)) return;
      details.open = false;
    };
    document.addEventListener("keydown", close);
    document.addEventListener("pointerdown", close);
    return () => {
      document.removeEventListener("keydown", close);
      document.removeEventListener("pointerdown", close);
    };
  }, []);
  return (
    <details ref={ref} className="group/menu relative">
      <summary className={buttonClass("quiet")}>
        {icon}{label}
        <ChevronDown aria-hidden className="-mr-1 size-4 text-soft transition-transform group-open/menu:rotate-180" />
      </summary>
      <div
        className="absolute top-full left-0 z-30 mt-1 w-72 max-w-[calc(100vw-2rem)] rounded-md border bg-surface p-1 shadow-lg"
        onClick={(event) => {
          if ((event.target as Element).closest("a, button") && ref.current) ref.current.open = false;
        }}
      >
        {children}
      </div>
    </details>
  );
}
