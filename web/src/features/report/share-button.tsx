"use client";
import { Share2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import type { Report } from "@/lib/api/types";
import { useShortcuts } from "@/lib/keys";

const ShareView = dynamic(async () => (await import("./share-view")).ShareView, { ssr: false, loading: () => <Skeleton className="mt-3 h-40" /> });

/** The way to a link for somebody else. */
export function ShareButton({ jobId, report }: { jobId: string; report: Report }) {
  const [isOpen, setOpen] = useState(false);
  useShortcuts([{ keys: "s", does: "Share the analysis", run: () => setOpen(true) }]);
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)}><Share2 aria-hidden className="size-4" />Share</Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Share this analysis" placement="center">
        <ShareView jobId={jobId} report={report} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
