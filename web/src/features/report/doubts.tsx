"use client";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Ambiguity, Receipt, ReadingWishes } from "@/lib/api/types";
import { useMayWrite } from "@/lib/session";
import { useReread, wishesOf } from "./use-reread";

type Props = { jobId: string; receipt: Receipt };

/** Where the file allows two readings: which was taken, what the other would change, and the way to take it. */
export function Doubts({ jobId, receipt }: Props) {
  const mayWrite = useMayWrite();
  const reread = useReread(jobId);
  return (
    <div className="space-y-3">
      {receipt.ambiguities.map((doubt, index) => (
        <Notice key={index} tone="warn" title={doubt.question}>
          <p className="break-words">{doubt.column && <><span className="font-medium">{doubt.column}</span>: </>}read as <span className="font-medium">{doubt.chosen}</span>. It could also be {doubt.other}. {doubt.effect}</p>
          {mayWrite && Object.keys(doubt.option ?? {}).length > 0 && (
            <Button className="no-print mt-2" disabled={reread.isPending} onClick={() => reread.mutate(other(receipt, doubt))}>Read it again this way</Button>
          )}
        </Notice>
      ))}
      {reread.isError && <p role="alert" className="text-sm text-bad">{reread.error.message}</p>}
    </div>
  );
}

const other = (receipt: Receipt, doubt: Ambiguity): ReadingWishes => ({ ...wishesOf(receipt.options), ...(doubt.option as ReadingWishes) });
