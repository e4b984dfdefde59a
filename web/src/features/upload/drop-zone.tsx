"use client";
import clsx from "clsx";
import { FileUp } from "lucide-react";
import { useId, useRef } from "react";
import { buttonClass } from "@/components/ui/button";
import { formatBytes } from "@/lib/format";
import { useShortcuts } from "@/lib/keys";
import { useDropAnywhere } from "./use-drop-anywhere";

// A hint for the file picker only; the server looks at the bytes, not at the name.
const ENDINGS = ".csv,.tsv,.txt,.tab,.xlsx,.xlsm,.xls,.ods,.json,.jsonl,.ndjson,.parquet,.pdf,.html,.htm,.gz,.zip";

type Props = { maxBytes: number | undefined; isBusy: boolean; onFiles: (files: File[]) => void };

/** Drop a file anywhere on the page, or choose one: either starts the upload at once. The whole zone is the file input's label. */
export function DropZone({ maxBytes, isBusy, onFiles }: Props) {
  const isOver = useDropAnywhere((files) => { if (!isBusy) onFiles(files); });
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: "u", does: "Choose a file", run: () => input.current?.click() }]);

  return (
    <div
      className={clsx(
        "relative rounded-lg border-2 border-dashed p-5 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent sm:p-8 lg:py-12",
        isOver && !isBusy ? "border-accent bg-wash" : "border-edge bg-surface hover:border-accent",
      )}
    >
      <input
        ref={input}
        id={id}
        type="file"
        multiple
        accept={ENDINGS}
        disabled={isBusy}
        aria-describedby={`${id}-limits`}
        className="sr-only"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = ""; // the same file may be chosen again after a refusal
          if (files.length > 0) onFiles(files);
        }}
      />
      <label htmlFor={id} className={clsx("flex flex-col items-start gap-4 sm:flex-row sm:items-center", isBusy && "opacity-50")}>
        {/* The label reaches over the whole zone, so that a click anywhere opens the picker. */}
        <span aria-hidden className="absolute inset-0" />
        <span className="hidden size-14 shrink-0 place-items-center rounded-full bg-wash text-accent sm:grid">
          <FileUp aria-hidden className="size-7" />
        </span>
        <span className="hidden min-w-0 flex-1 sm:block">
          <span className="block text-lg font-semibold">{isOver && !isBusy ? "Let go to start" : "Drop a table here"}</span>
          <span className="block text-soft">The analysis starts at once. Several files are taken one after the other.</span>
        </span>
        <span className={buttonClass("primary", "w-full text-base max-sm:min-h-14 sm:w-auto")}>
          <FileUp aria-hidden className="size-5 sm:hidden" />Choose a file
        </span>
      </label>
      <p id={`${id}-limits`} className="mt-4 text-sm text-soft">
        CSV and its cousins, Excel, OpenDocument, JSON, Parquet, tables in PDFs; also packed as .gz or .zip.{" "}
        <strong className={clsx("font-semibold text-ink", maxBytes === undefined && "invisible")}>Up to {formatBytes(maxBytes ?? 0)}.</strong>
      </p>
    </div>
  );
}
