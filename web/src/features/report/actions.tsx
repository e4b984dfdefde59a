"use client";
import { Download, Printer } from "lucide-react";
import { readyToDraw } from "@/components/charts/chart-figure";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import type { Report } from "@/lib/api/types";
import { useLive } from "@/lib/live";
import { saveText } from "@/lib/saving";
import { useMayWrite } from "@/lib/session";
import { pageAddress, reportAddress, tableAddress } from "@/lib/api/client";
import { ShareButton } from "./share-button";

/** What a reader may take away: the page itself, its data, the clean table, or a printed copy. */
export function Actions({ jobId, report }: { jobId: string; report: Report }) {
  const isLive = useLive();
  const mayWrite = useMayWrite();
  const { name } = report.fileInfo;
  const stem = name.replace(/\.[^.]+$/, "") || name;
  const files = [
    { label: "Page", note: "one HTML file, works offline", address: pageAddress(jobId), as: `${stem}.html` },
    { label: "Analysis", note: "JSON, every fact in it", address: reportAddress(jobId), as: `${stem}.json` },
    { label: "Clean table", note: "CSV", address: tableAddress(jobId, "csv"), as: "" },
    { label: "Clean table", note: "Parquet", address: tableAddress(jobId, "parquet"), as: "" },
  ];
  return (
    <div className="no-print mt-5 flex flex-wrap gap-2">
      {isLive ? <Menu label="Download" icon={<Download aria-hidden className="size-4" />}>
        <ul>
          {files.map((file) => (
            <li key={file.label + file.note}>
              <a href={file.address} download={file.as} className="flex min-h-11 items-baseline gap-2 rounded px-3 py-2.5 text-sm hover:bg-sunken">
                <span className="font-medium">{file.label}</span><span className="text-soft">{file.note}</span>
              </a>
            </li>
          ))}
        </ul>
      </Menu> : (
        <Button onClick={() => saveText(JSON.stringify(report), `${stem}.json`, "application/json")}><Download aria-hidden className="size-4" />Save as JSON</Button>
      )}
      {mayWrite && <ShareButton jobId={jobId} report={report} />}
      <Button onClick={() => void readyToDraw().then(() => window.print())}><Printer aria-hidden className="size-4" />Print or PDF</Button>
      {isLive && !mayWrite && <p className="w-full text-sm text-soft">You can read this analysis, not change it.</p>}
    </div>
  );
}
