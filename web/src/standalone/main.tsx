/** The report as one file: the same components, fed from the JSON inside the file, with no server to ask. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import { ReportView } from "@/features/report/report-view";
import type { Report } from "@/lib/api/types";
import { LiveProvider } from "@/lib/live";

const textOf = (id: string) => document.getElementById(id)?.textContent ?? "";
const report = JSON.parse(textOf("report")) as Report;
const generator = document.querySelector<HTMLMetaElement>("meta[name=generator]")?.content ?? "DataPilot AI";

const root = createRoot(document.getElementById("page")!);
// In short pieces, between which the browser answers.
startTransition(() => root.render(
  <QueryClientProvider client={new QueryClient()}>
    <LiveProvider value={false}>
      <main className="mx-auto max-w-[78rem] px-4 py-6 sm:px-6 lg:px-10 lg:py-8">
        <ReportView jobId={report.jobId} report={report} />
        <footer className="mt-12 border-t pt-4 text-sm text-soft">Made by {generator}. Saved as one file: it works offline and asks no server.</footer>
      </main>
    </LiveProvider>
  </QueryClientProvider>,
));
