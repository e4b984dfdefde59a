"use client";
import clsx from "clsx";
import { X } from "lucide-react";
import { useEffect, useId, useRef } from "react";

type Placement = "left" | "right" | "center";

const PLACEMENTS: Record<Placement, string> = {
  left: "my-0 ml-0 mr-auto h-dvh max-h-none w-72 max-w-[85vw] border-r transition-[translate] duration-200 starting:open:-translate-x-full",
  right: "my-0 mr-0 ml-auto h-dvh max-h-none w-[34rem] max-w-full border-l transition-[translate] duration-200 starting:open:translate-x-full",
  center: "m-auto w-[26rem] max-w-[calc(100vw-2rem)] rounded-lg border shadow-xl",
};

type Props = { isOpen: boolean; onClose: () => void; title: string; placement: Placement; isTitleHidden?: boolean; children: React.ReactNode };

/**
 * A modal on the browser's own <dialog>: it traps focus, closes on Escape and gives focus back, and injects no
 * <style>, so that the page's strict content policy holds.
 */
export function Dialog({ isOpen, onClose, title, placement, isTitleHidden = false, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (isOpen && !dialog.open) dialog.showModal();
    if (!isOpen && dialog.open) dialog.close();
  }, [isOpen]);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className={clsx("bg-surface p-0 text-ink backdrop:bg-[oklch(0.15_0.02_225/0.55)]", PLACEMENTS[placement])}
    >
      {isOpen && (
        <div className={clsx("flex flex-col", placement === "center" ? "p-6" : "min-h-full p-4 sm:p-6")}>
          <div className="flex items-start gap-4">
            <h2 id={titleId} className={clsx("font-serif text-xl leading-snug", isTitleHidden && "sr-only")}>
              {title}
            </h2>
            {placement !== "center" && (
              <button type="button" onClick={onClose} aria-label="Close" className="-mt-2 -mr-2 ml-auto grid size-11 shrink-0 place-items-center rounded-md text-soft hover:bg-sunken">
                <X aria-hidden className="size-5" />
              </button>
            )}
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
