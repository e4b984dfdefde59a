"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";

type Props = { isBusy: boolean; onUrl: (address: string) => void };

/** A public web address instead of a file; the server fetches it. */
export function FromUrl({ isBusy, onUrl }: Props) {
  const [address, setAddress] = useState("");
  const [complaint, setComplaint] = useState<string | null>(null);
  const id = useId();

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const text = address.trim();
    if (!/^https?:\/\/\S+$/i.test(text)) {
      setComplaint("Paste a full web address that begins with https:// or http://.");
      return;
    }
    setComplaint(null);
    onUrl(text);
  };

  return (
    <form onSubmit={submit} noValidate className="space-y-2">
      <label htmlFor={id} className="block text-sm font-semibold">Or paste a web address</label>
      <div className="flex flex-col gap-2 sm:flex-row">
        <input
          id={id}
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://…/table.csv"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          aria-invalid={complaint !== null}
          aria-describedby={complaint ? `${id}-complaint` : undefined}
          className="min-h-11 min-w-0 flex-1 rounded-md border border-edge bg-surface px-3 placeholder:text-soft"
        />
        <Button type="submit" disabled={isBusy}>Fetch and analyse</Button>
      </div>
      {complaint && <p id={`${id}-complaint`} role="alert" className="text-sm text-bad">{complaint}</p>}
    </form>
  );
}
