"use client";
import { ArrowRight } from "lucide-react";
import type { Sample } from "@/lib/api/types";
import { formatBytes } from "@/lib/format";
import { capitalise } from "@/lib/words";

type Props = { samples: Sample[]; isBusy: boolean; onSample: (name: string) => void };

/** Tables that ship with the product, for whoever has none at hand. */
export function Samples({ samples, isBusy, onSample }: Props) {
  if (samples.length === 0) return null;
  return (
    <section aria-labelledby="samples">
      <h2 id="samples" className="mb-1 text-sm font-semibold">No file at hand? Try one of ours</h2>
      <ul className="divide-y border-y">
        {samples.map((sample) => (
          <li key={sample.name}>
            <button type="button" disabled={isBusy} onClick={() => onSample(sample.name)} className="group flex min-h-14 w-full items-center gap-3 py-2 text-left hover:bg-sunken disabled:opacity-50">
              <span className="min-w-0 flex-1">
                <span className="block font-medium break-words">{sample.title}</span>
                <span className="block text-sm break-words text-soft">{capitalise(sample.description)}</span>
              </span>
              <span className="figures shrink-0 text-sm text-soft">{formatBytes(sample.bytes)}</span>
              <ArrowRight aria-hidden className="size-4 shrink-0 text-soft group-hover:text-accent" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
