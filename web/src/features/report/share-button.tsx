"use client";
import { Share2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { Report } from "@/lib/api/types";
import { useShortcuts } from "@/lib/keys";
import { ShareView } from "./share-view";

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
