import { Download } from "lucide-react";
import { reportAddress, tableAddress } from "@/lib/api/client";

/** The whole clean table and the whole report, as files. */
export function Downloads({ jobId }: { jobId: string }) {
  const files = [
    { label: "CSV", name: "the clean table as CSV", address: tableAddress(jobId, "csv"), as: undefined },
    { label: "Parquet", name: "the clean table as Parquet", address: tableAddress(jobId, "parquet"), as: undefined },
    { label: "JSON", name: "the whole analysis as JSON", address: reportAddress(jobId), as: `${jobId}.json` },
  ];
  return (
    <ul className="no-print flex flex-wrap items-center gap-1 text-sm">
      <li aria-hidden className="flex items-center gap-1.5 pr-1 text-soft"><Download className="size-4" />Download</li>
      {files.map((file) => (
        <li key={file.label}>
          <a href={file.address} download={file.as ?? ""} aria-label={`${file.label}: download ${file.name}`} className="inline-flex min-h-11 items-center rounded-md px-2.5 font-medium text-accent hover:bg-sunken">{file.label}</a>
        </li>
      ))}
    </ul>
  );
}
