"use client";
import { ChevronRight } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "@/components/ui/skeleton";
import { getOutbound } from "@/lib/api/client";
import { formatBytes, formatCounted, formatInstant } from "@/lib/format";

/** The outbound ledger: every byte that left for a language model on behalf of this analysis, to be read as it went. */
export function Outbound({ jobId }: { jobId: string }) {
  const ledger = useQuery({ queryKey: ["outbound", jobId], queryFn: ({ signal }) => getOutbound(jobId, signal), staleTime: Infinity });
  if (ledger.isPending) return <Skeleton className="h-11" />;
  if (ledger.isError) return <p role="alert" className="text-sm text-bad">{ledger.error.message}</p>;
  const { requests } = ledger.data;
  if (requests.length === 0) return <p className="max-w-prose">Nothing. No language model was asked for this analysis; the file and all that was made of it stayed on this server.</p>;
  return (
    <>
      <p className="max-w-prose">A language model was asked {requests.length === 1 ? "once" : formatCounted(requests.length, "time")}, whether or not it answered. No row of the table is in what was sent; each request stands here as it was made.</p>
      <ul className="mt-3 divide-y border-y">
        {requests.map((request) => (
          <li key={request.sha256 + request.at}>
            <details className="group">
              <summary className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 py-2 text-sm hover:bg-sunken sm:px-3">
                <span className="min-w-0 flex-1 basis-48 font-medium break-words">{request.model}{request.source === "mock" && " (demo, nothing left)"}</span>
                <span className="figures text-soft">{formatBytes(request.bytes)}, privacy {request.privacy}</span>
                <time dateTime={request.at} className="text-soft">{formatInstant(request.at)}</time>
                <ChevronRight aria-hidden className="size-4 shrink-0 text-soft transition-transform group-open:rotate-90" />
              </summary>
              <p className="px-3 text-xs break-all text-soft">SHA-256 {request.sha256}</p>
              <pre tabIndex={0} role="region" aria-label="The request as it was sent" className="my-2 max-h-96 overflow-auto rounded-md border bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">{readable(request.body)}</pre>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The body with line breaks where it is JSON; the bytes that the hash is of are those without. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
