"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { closeLinks, getConfig, getLinks, makeLink, pageAddress } from "@/lib/api/client";
import type { Report } from "@/lib/api/types";
import { formatCount, formatCounted, formatInstant } from "@/lib/format";
import { useSession } from "@/lib/session";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const VIEW = ["part", "insight", "column"]; // what the address may hold of the reader's view, besides the analysis

/** The link as another person opens it: the server's, with what the sender is looking at. */
export function linkOf(url: string): string {
  const link = new URL(url, window.location.origin);
  const now = new URLSearchParams(window.location.search);
  for (const name of VIEW) for (const value of now.getAll(name)) link.searchParams.append(name, value);
  return link.href;
}

type Props = { jobId: string; report: Report; onClose: () => void };

/** Make a link that reads this analysis, say who can open it and for how long, and take all links back. */
export function ShareView({ jobId, report, onClose }: Props) {
  const client = useQueryClient();
  const session = useSession();
  const config = useQuery({ queryKey: ["config"], queryFn: ({ signal }) => getConfig(signal), staleTime: Infinity });
  const links = useQuery({ queryKey: ["links", jobId], queryFn: ({ signal }) => getLinks(jobId, signal), staleTime: 0 });
  const refresh = () => client.invalidateQueries({ queryKey: ["links", jobId] });
  const make = useMutation({ mutationFn: () => makeLink(jobId), onSuccess: refresh });
  const close = useMutation({
    mutationFn: () => closeLinks(jobId),
    onSuccess: () => {
      make.reset();
      void refresh();
    },
  });
  // What was pressed is gone then, so the focus goes to what takes its place.
  const again = useRef<HTMLDivElement>(null);
  const isClosed = close.isSuccess && links.data?.links === 0;
  useEffect(() => {
    if (isClosed) again.current?.querySelector("button")?.focus();
  }, [isClosed]);
  const problem = make.error ?? close.error ?? links.error ?? session.error;

  if (session.isPending || links.isPending) return <div role="status" aria-label="Loading what is shared" className="mt-4 space-y-3"><Skeleton className="h-16" /><Skeleton className="h-11" /></div>;

  const asksForKey = session.data?.loginRequired ?? true;
  const link = asksForKey ? make.data && linkOf(make.data.url) : linkOf(`/results/?id=${encodeURIComponent(jobId)}`);
  const personal = report.schema.filter((column) => column.pii).map((column) => column.name);
  const kept = config.data?.keptHours;
  return (
    <div className="mt-3 space-y-4 text-sm">
      {asksForKey ? (
        <p>Whoever has the link reads this page without a key: findings, charts, rows, and the download of the whole table. Nobody can change or judge anything by it, or see another analysis. It works for a week.</p>
      ) : LOOPBACK.test(window.location.hostname) ? (
        <p>This server answers this computer alone. On another one the link opens nothing: send the <a className="text-accent underline" href={pageAddress(jobId)} download={`${report.fileInfo.name.replace(/\.[^.]+$/, "")}.html`}>page as a file</a> instead, which needs no server.</p>
      ) : (
        <p>This server asks nobody for a key. Whoever can reach <span className="font-medium break-all">{window.location.host}</span> reads this analysis and every other one here, with or without the link. It cannot be taken back.</p>
      )}
      {personal.length > 0 && <Notice tone="warn" title="There is personal data in it."><p className="break-words">Rows and downloads show it unmasked: {personal.slice(0, 5).join(", ")}{personal.length > 5 && ` and ${formatCounted(personal.length - 5, "more column")}`}.</p></Notice>}
      {kept != null && <p className="text-soft">This server deletes an analysis {formatCounted(Math.round(kept), "hour")} after its last change; the link ends with it.</p>}

      <div ref={again}>{link ? <LinkField link={link} /> : <Button tone="primary" disabled={make.isPending} onClick={() => make.mutate()}>Make a link</Button>}</div>
      {problem && <p role="alert" className="text-bad">{problem.message}</p>}

      {asksForKey && (
        <div className="border-t pt-3">
          <p role="status">
            {links.data && links.data.links > 0
              ? `${formatCounted(links.data.links, "link")} ${links.data.links === 1 ? "is" : "are"} open, until ${formatInstant(new Date(links.dataUpdatedAt + 1000 * (links.data.expiresInSeconds ?? 0)).toISOString())}.`
              : isClosed ? "All links are closed. None of them opens anything any more." : "No link is open."}
          </p>
          {links.data && links.data.links > 0 && (
            <Button tone="quiet" className="mt-2 text-bad!" disabled={close.isPending} onClick={() => close.mutate()}>
              {links.data.links === 1 ? "Close the link" : `Close all ${formatCount(links.data.links)} links`}
            </Button>
          )}
        </div>
      )}
      <div className="flex justify-end"><Button onClick={onClose}>Done</Button></div>
    </div>
  );
}

/** The link, selected, with the button that copies it. */
function LinkField({ link }: { link: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [link]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link); // absent where the page came without TLS, refused where the browser asks
      setSaid("Copied.");
    } catch {
      field.current?.focus();
      field.current?.select();
      setSaid("The browser did not let us copy. The link is selected: copy it with the keyboard.");
    }
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-semibold">The link</label>
      <div className="flex flex-col gap-2 sm:flex-row">
        <input ref={field} id={id} readOnly value={link} onFocus={(event) => event.target.select()} className="min-h-11 min-w-0 flex-1 rounded-md border border-edge bg-sunken px-3 font-mono text-xs" />
        <Button tone="primary" onClick={() => void copy()}><Copy aria-hidden className="size-4" />Copy link</Button>
      </div>
      <p role="status" className="mt-1 min-h-5 text-soft">{said && <span className="inline-flex items-start gap-1">{said === "Copied." && <Check aria-hidden className="mt-0.5 size-4 text-good" />}{said}</span>}</p>
    </div>
  );
}
