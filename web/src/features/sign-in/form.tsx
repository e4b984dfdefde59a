"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { openSession } from "@/lib/api/client";

/** `hasLapsed`: the reader came by a share link that opens nothing any more. */
type Props = { hasLapsed: boolean; onEnter: () => void };

/** Asks for the API key and swaps it for a session; the key itself is kept nowhere in the browser. */
export function SignInForm({ hasLapsed, onEnter }: Props) {
  const [key, setKey] = useState("");
  const [complaint, setComplaint] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const id = useId();

  const enter = async (event: React.FormEvent) => {
    event.preventDefault();
    if (!key.trim()) return setComplaint("Paste the key that you were given. It begins with dp_.");
    setBusy(true);
    setComplaint(null);
    try {
      await openSession(key.trim());
      onEnter();
    } catch (error) {
      setComplaint(error instanceof Error ? error.message : "That did not work.");
      setBusy(false);
    }
  };

  return (
    <>
      <PageHead title={hasLapsed ? "This link does not open anything any more." : "Sign in"}><p>{hasLapsed && "It was closed, its week is over, or a letter of it is missing: ask who sent it for another. With a key of your own you can sign in. "}This server shows each person their own analyses. Whoever runs it can give you a key.</p></PageHead>
      <form onSubmit={(event) => void enter(event)} noValidate className="max-w-xl space-y-2">
        <label htmlFor={id} className="block text-sm font-semibold">Your key</label>
        <div className="flex flex-col gap-2 sm:flex-row">
          <input
            id={id}
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            value={key}
            onChange={(event) => setKey(event.target.value)}
            aria-invalid={complaint !== null}
            aria-describedby={complaint ? `${id}-complaint` : undefined}
            className="min-h-11 min-w-0 flex-1 rounded-md border border-edge bg-surface px-3"
          />
          <Button type="submit" tone="primary" disabled={isBusy}>Sign in</Button>
        </div>
        {complaint && <p id={`${id}-complaint`} role="alert" className="text-sm text-bad">{complaint}</p>}
      </form>
    </>
  );
}
