"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Disclosure } from "@/components/ui/disclosure";
import type { ReadingWishes, Receipt } from "@/lib/api/types";
import { useReread, wishesOf } from "./use-reread";

const FIELD = "min-h-11 w-full rounded-md border border-edge bg-surface px-3";
const AS_BEFORE = "";
const ALL_SHEETS = "*";

type Props = { jobId: string; receipt: Receipt };

/** Everything about the reading that the reader may know better, sent to be read again. */
export function ReadingForm({ jobId, receipt }: Props) {
  const before = wishesOf(receipt.options);
  const [wishes, setWishes] = useState<ReadingWishes>(before);
  const reread = useReread(jobId);
  const isText = receipt.fileType === "csv";
  const isSheet = ["csv", "xlsx", "xls", "ods", "html"].includes(receipt.fileType);
  const isChanged = JSON.stringify(wishes) !== JSON.stringify(before);

  const set = <Name extends keyof ReadingWishes>(name: Name, value: ReadingWishes[Name] | "") => {
    const next = { ...wishes };
    if (value === AS_BEFORE || value === undefined) delete next[name];
    else next[name] = value as ReadingWishes[Name];
    setWishes(next);
  };

  return (
    <Disclosure summary="Read it another way" className="no-print">
      <form
        className="mt-2 rounded-lg border bg-surface p-4"
        onSubmit={(event) => {
          event.preventDefault();
          reread.mutate(wishes);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {receipt.sheets.length > 1 && (
            <Choice label="Sheet" value={wishes.sheet ?? AS_BEFORE} onChange={(value) => set("sheet", value)} choices={[...receipt.sheets.map((sheet): [string, string] => [sheet, sheet]), ...(receipt.fileType === "pdf" ? [] : [[ALL_SHEETS, "all with the same columns"] as [string, string]])]} auto={receipt.sheet ? `as now: ${receipt.sheet}` : "as now"} />
          )}
          {isSheet && <HeaderLine value={wishes.headerRow} found={receipt.headerRow ?? null} onChange={(value) => set("headerRow", value)} />}
          {isText && <Choice label="Cells are separated by" value={wishes.delimiter ?? AS_BEFORE} onChange={(value) => set("delimiter", value)} choices={[[",", "comma"], [";", "semicolon"], ["\t", "tab"], ["|", "vertical bar"]]} auto="as found" />}
          <Choice label="Decimal mark" value={wishes.decimal ?? AS_BEFORE} onChange={(value) => set("decimal", value as "." | "," | "")} choices={[[".", "point: 1,234.5"], [",", "comma: 1.234,5"]]} auto="as found" />
          <Choice label="Order of dates" value={wishes.dateOrder ?? AS_BEFORE} onChange={(value) => set("dateOrder", value as "DMY" | "MDY" | "YMD" | "")} choices={[["DMY", "day, month, year"], ["MDY", "month, day, year"], ["YMD", "year, month, day"]]} auto="as found" />
        </div>
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" tone="primary" disabled={!isChanged || reread.isPending}>Read it again this way</Button>
          <p className="min-w-0 flex-1 basis-60 text-sm text-soft">The analysis is made anew and takes the place of this one. A column’s type is changed in the list of columns.</p>
        </div>
        {reread.isError && <p role="alert" className="mt-2 text-sm text-bad">{reread.error.message}</p>}
      </form>
    </Disclosure>
  );
}

type ChoiceProps = { label: string; value: string; onChange: (value: string) => void; choices: [string, string][]; auto: string };

function Choice({ label, value, onChange, choices, auto }: ChoiceProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-semibold">{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)} className={FIELD}>
        <option value={AS_BEFORE}>{auto}</option>
        {choices.map(([choice, words]) => <option key={choice} value={choice}>{words}</option>)}
      </select>
    </div>
  );
}

type HeaderLineProps = { value: number | undefined; found: number | null; onChange: (value: number | "") => void };

function HeaderLine({ value, found, onChange }: HeaderLineProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-semibold">Line of the header (0: none)</label>
      <input id={id} type="number" min={0} max={100000} inputMode="numeric" value={value ?? ""} placeholder={found === null ? "as found" : `as found: ${found}`} onChange={(event) => onChange(event.target.value === "" ? "" : Number(event.target.value))} className={`${FIELD} placeholder:text-soft`} />
    </div>
  );
}
