"use client";
import { useMemo } from "react";
import { Boundary } from "@/components/ui/boundary";
import { Notice } from "@/components/ui/notice";
import type { Report } from "@/lib/api/types";
import { formatCount, formatCounted } from "@/lib/format";
import { useLive } from "@/lib/live";
import { useMedia } from "@/lib/use-media";
import { useTitle } from "@/lib/use-title";
import { Actions } from "./actions";
import { ChartGallery } from "./chart-gallery";
import { ColumnList } from "./column-list";
import { contentsOf, headlineOf, leadChart, type Contents } from "./contents";
import { Doubts } from "./doubts";
import { Downloads } from "./downloads";
import type { Part } from "./drill";
import { Headline } from "./headline";
import { InsightList } from "./insight-list";
import { KpiCards } from "./kpi-cards";
import { Outbound } from "./outbound";
import { PageNav } from "./page-nav";
import { PartBar } from "./part-bar";
import { PickableChart } from "./pickable-chart";
import { Preview } from "./preview";
import { QualityStrip } from "./quality-strip";
import { ReceiptText } from "./receipt-text";
import { Section } from "./section";
import { testedLine } from "./tested-line";
import { previewedColumns } from "./told-columns";
import { usePart } from "./use-part";

type Props = { jobId: string; report: Report };

/** The whole report, top to bottom: what it says, how far to trust it, how it is known. */
export function ReportView({ jobId, report }: Props) {
  const contents = useMemo(() => contentsOf(report), [report]);
  const lead = leadChart(contents);
  const others = report.chartSpecs.filter((chart) => chart !== lead);
  const isWide = useMedia("(min-width: 768px)");
  const isLive = useLive();
  const looking = usePart(jobId, contents);
  const shown = useMemo(() => (looking.part ? { ...contents, facts: looking.part.facts, charts: chartsOf(contents.charts, looking.part) } : contents), [contents, looking.part]);
  const { insights, receipt, fileInfo } = report;
  const previewed = useMemo(() => previewedColumns([...contents.columns.values()], report), [contents, report]);
  const isWhole = previewed.length === fileInfo.cols;
  useTitle(`${fileInfo.name}: ${headlineOf(report)} · DataPilot AI`);

  return (
    <article className="space-y-12">
      <div className="flex flex-col gap-6 lg:grid lg:grid-cols-12 lg:gap-x-10">
        <div className="min-w-0 lg:col-span-7">
          <Headline report={report} actions={<Actions jobId={jobId} report={report} />} />
        </div>
        <div className="min-w-0 lg:col-span-12"><Boundary what="The quality bill"><QualityStrip report={report} /></Boundary></div>
        <div className="min-w-0 lg:col-span-12"><Boundary what="The key figures"><KpiCards contents={shown} cards={looking.part?.cards} /></Boundary></div>
        {lead && (
          <div className="min-w-0 lg:col-span-5 lg:col-start-8 lg:row-start-1">
            <PickableChart chart={lead} contents={contents} looking={looking} heading="h2" isEager={isWide} className="card p-4 sm:p-5" />
          </div>
        )}
      </div>

      {report.issues.length > 0 && (
        <Notice tone="info" title="Worth knowing about this analysis">
          <ul className="list-disc space-y-1 pl-4 marker:text-soft">
            {report.issues.map((issue, index) => <li key={index} className="break-words">{issue.message}</li>)}
          </ul>
        </Notice>
      )}

      {receipt.ambiguities.length > 0 && <Doubts jobId={jobId} receipt={receipt} />}

      <PageNav jobId={jobId} hasCharts={others.length > 0} insightCount={insights.analystInsights.length} />

      <Section id="insights" title="Insights" lead={testedLine(insights.metadata)} className="border-t-0 pt-0!">
        <InsightList jobId={jobId} contents={contents} />
      </Section>

      {others.length > 0 && (
        <Section id="charts" title="Charts" lead={isLive ? "Pick a bar or a period to look at that part alone: charts and key figures are computed anew for it." : undefined}>
          <ChartGallery charts={others} contents={contents} looking={looking} />
        </Section>
      )}

      <Section id="columns" title="Columns" lead={`${formatCounted(fileInfo.cols, "column")}: what each one holds and how it may be used.`}>
        <ColumnList jobId={jobId} report={report} />
      </Section>

      <Section id="receipt" title="How the file was read" lead={<>The reader’s receipt: everything it assumed, changed or left out. Result format {report.schemaVersion}, id <span className="break-all">{report.jobId}</span>.</>}>
        <ReceiptText jobId={jobId} receipt={receipt} fileInfo={fileInfo} />
      </Section>

      {isLive && (
        <Section id="outbound" title="What left this server" lead="Every byte that was sent to a language model for this analysis.">
          <Outbound jobId={jobId} />
        </Section>
      )}

      <Section id="rows" title="Rows" lead={`The first ${formatCounted(report.cleanedPreview.length, "row")} of ${formatCounted(fileInfo.rows, "row")}${isWhole ? "" : `, ${formatCount(previewed.length)} of ${formatCounted(fileInfo.cols, "column")}`}, as typed values.`} aside={isLive ? <Downloads jobId={jobId} /> : undefined}>
        <Preview rows={report.cleanedPreview} columns={previewed} />
      </Section>
      {isLive && <PartBar looking={looking} total={fileInfo.rows} />}
    </article>
  );
}

/** The charts by id, those of the part in place of their own. */
function chartsOf(charts: Contents["charts"], part: Part): Contents["charts"] {
  return new Map([...charts].map(([id, chart]) => [id, part.charts.get(id)?.chart ?? chart]));
}
