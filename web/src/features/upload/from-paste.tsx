"use client";
import { useEffect, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";

const NAME = "pasted table";

/** A pasted text as a file, or null when it is no table: it takes a second line or a second cell. */
export function tableFile(text: string): File | null {
  const trimmed = text.trim();
  if (!/[\t\n,;|]/.test(trimmed)) return null;
  return new File([text], `${NAME}.${text.includes("\t") ? "tsv" : "csv"}`, { type: "text/plain" });
}

/** Take a table or files that are pasted anywhere on the page, but not what is typed into a field. */
export function usePastedTable(onFiles: (files: File[]) => void, isBusy: boolean) {
  useEffect(() => {
    const take = (event: ClipboardEvent) => {
      const target = event.target as Element | null;
      if (isBusy || target?.closest?.("input, textarea")) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const table = files.length > 0 ? files : [tableFile(text)].filter((file) => file !== null);
      if (table.length === 0) return;
      event.preventDefault();
      onFiles(table);
    };
    document.addEventListener("paste", take);
    return () => document.removeEventListener("paste", take);
  }, [isBusy, onFiles]);
}

type Props = { isBusy: boolean; onFiles: (files: File[]) => void };

/** Cells copied from a spreadsheet or a mail, for those who have no file of them. */
export function FromPaste({ isBusy, onFiles }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [isComplaining, setComplaining] = useState(false);
  return (
    <Disclosure summary="Or paste a table: cells from a spreadsheet, lines of CSV">
      <form
        className="mt-2 space-y-2"
        onSubmit={(event) => {
          event.preventDefault();
          const file = tableFile(text);
          setComplaining(file === null);
          if (file) onFiles([file]);
        }}
      >
        <label htmlFor={id} className="sr-only">The table, as text</label>
        <textarea id={id} rows={5} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} placeholder={"region\tunits\nNorth\t12"} aria-invalid={isComplaining} aria-describedby={isComplaining ? `${id}-complaint` : undefined} className="block w-full rounded-md border border-edge bg-surface p-3 font-mono text-sm placeholder:text-soft" />
        {isComplaining && <p id={`${id}-complaint`} role="alert" className="text-sm text-bad">This is no table yet: paste a header and at least one row.</p>}
        <Button type="submit" disabled={isBusy || text.trim() === ""}>Analyse what was pasted</Button>
      </form>
    </Disclosure>
  );
}
