import clsx from "clsx";

/** A resting place of the coming thing's size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-pulse-soft rounded-md bg-sunken", className)} />;
}
