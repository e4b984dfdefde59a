"use client";
import type { ChartSpec, Report } from "@/lib/api/types";
import { formatCount, formatCounted } from "@/lib/format";
import { useLive } from "@/lib/live";
import { useMedia } from "@/lib/use-media";
import { ChartGallery } from "./chart-gallery";
import { ColumnList } from "./column-list";
import type { Contents } from "./contents";
import { Downloads } from "./downloads";
import { InsightList } from "./insight-list";
import { Outbound } from "./outbound";
import { PageNav } from "./page-nav";
import { Preview } from "./preview";
import { ReceiptText } from "./receipt-text";
import { RelatedPairsOfReport } from "./related-pairs";
import { Section } from "./section";
import { testedLine } from "./tested-line";
import { previewedColumns } from "./told-columns";
import type { Looking } from "./use-part";

type Props = { jobId: string; report: Report; contents: Contents; charts: ChartSpec[]; looking: Looking };

/** Everything below the first screen. Its code comes after the first screen is drawn. */
export default function ReportParts({ jobId, report, contents, charts, looking }: Props) {
  const isLive = useLive();
  const isTouched = useMedia("(hover: none)");
  const { insights, receipt, fileInfo, together } = report;
  const hasPairs = together != null && together.compared > 0; // results of earlier versions have none
  const previewed = previewedColumns([...contents.columns.values()], report);
  const isWhole = previewed.length === fileInfo.cols;
  return (
    <>
      <PageNav jobId={jobId} hasCharts={charts.length > 0} hasPairs={hasPairs} insightCount={insights.analystInsights.length} />

      <Section id="insights" title="Insights" lead={testedLine(insights.metadata)} className="border-t-0 pt-0!">
        <InsightList jobId={jobId} contents={contents} />
      </Section>

      {charts.length > 0 && (
        <Section id="charts" title="Charts" lead={isLive ? <p className="no-print">{isTouched ? "Tap a bar or a period to read it, and once more" : "Pick a bar or a period"} to look at that part alone: charts and key figures are computed anew for it.</p> : undefined}>
          <ChartGallery charts={charts} contents={contents} looking={looking} />
        </Section>
      )}

      {hasPairs && (
        <RelatedPairsOfReport jobId={jobId} together={together} columns={contents.columns} looking={looking} />
      )}

      <Section id="columns" title="Columns" lead={`${formatCounted(fileInfo.cols, "column")}: what each one holds and how it may be used.`}>
        <ColumnList jobId={jobId} report={report} contents={contents} />
      </Section>

      <Section id="receipt" title="How the file was read" lead={<>The reader’s receipt: everything it assumed, changed or left out. Result format {report.schemaVersion}, id <span className="inline-block max-w-full break-all">{report.jobId}.</span></>}>
        <ReceiptText jobId={jobId} receipt={receipt} fileInfo={fileInfo} />
      </Section>

      {isLive && (
        <Section id="outbound" title="What left this server" lead="Every byte that was sent to a language model for this analysis.">
          <Outbound jobId={jobId} />
        </Section>
      )}

      <Section id="rows" title="Rows" lead={`${rowsWords(report.cleanedPreview.length, fileInfo.rows)}${isWhole ? "" : `, ${formatCount(previewed.length)} of ${formatCounted(fileInfo.cols, "column")}`}, as typed values.`} aside={isLive ? <Downloads jobId={jobId} /> : undefined}>
        <Preview rows={report.cleanedPreview} columns={previewed} />
      </Section>
    </>
  );
}

/** How much of the table the preview is. */
function rowsWords(shown: number, all: number): string {
  if (all === 1) return "The one row";
  return shown < all ? `The first ${formatCount(shown)} of ${formatCounted(all, "row")}` : `All ${formatCounted(all, "row")}`;
}
