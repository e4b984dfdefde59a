"use client";
import { useEffect, useMemo } from "react";
import { ChartFigure } from "@/components/charts/chart-figure";
import { grainOf } from "@/components/charts/series";
import { Boundary } from "@/components/ui/boundary";
import { Notice } from "@/components/ui/notice";
import type { Report } from "@/lib/api/types";
import { formatCounted } from "@/lib/format";
import { useMedia } from "@/lib/use-media";
import { ChartGallery } from "./chart-gallery";
import { ColumnList } from "./column-list";
import { contentsOf, headlineOf, leadChart } from "./contents";
import { Downloads } from "./downloads";
import { Headline } from "./headline";
import { InsightList } from "./insight-list";
import { KpiCards } from "./kpi-cards";
import { PageNav } from "./page-nav";
import { Preview } from "./preview";
import { QualityStrip } from "./quality-strip";
import { ReceiptText } from "./receipt-text";
import { Section } from "./section";
import { testedLine } from "./tested-line";

type Props = { jobId: string; report: Report };

/** The whole report, top to bottom: what it says, how far to trust it, how it is known. */
export function ReportView({ jobId, report }: Props) {
  const contents = useMemo(() => contentsOf(report), [report]);
  const lead = leadChart(contents);
  const others = report.chartSpecs.filter((chart) => chart !== lead);
  const isWide = useMedia("(min-width: 768px)");
  const { insights, receipt, fileInfo } = report;
  useEffect(() => {
    document.title = `${fileInfo.name}: ${headlineOf(report)} · DataPilot AI`;
  }, [fileInfo.name, report]);

  return (
    <article className="space-y-12">
      <div className="flex flex-col gap-8 lg:grid lg:grid-cols-12 lg:gap-x-12">
        <div className="min-w-0 lg:col-span-7">
          <Headline report={report} />
        </div>
        <div className="min-w-0 lg:col-span-12"><Boundary what="The quality bill"><QualityStrip report={report} /></Boundary></div>
        <div className="min-w-0 lg:col-span-12"><Boundary what="The key figures"><KpiCards contents={contents} /></Boundary></div>
        {lead && (
          <div className="min-w-0 lg:col-span-5 lg:col-start-8 lg:row-start-1">
            <ChartFigure chart={lead} grain={grainOf(lead, contents.facts)} heading="h2" isEager={isWide} className="rounded-lg border bg-surface p-4 sm:p-5" />
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

      <PageNav jobId={jobId} hasCharts={others.length > 0} insightCount={insights.analystInsights.length} />

      <Section id="insights" title="Insights" lead={testedLine(insights.metadata)}>
        <InsightList contents={contents} />
      </Section>

      {others.length > 0 && (
        <Section id="charts" title="Charts" lead={lead && "Beside the one at the top of the page."}>
          <ChartGallery charts={others} contents={contents} />
        </Section>
      )}

      <Section id="columns" title="Columns" lead={`${formatCounted(fileInfo.cols, "column")}: what each one holds and how it may be used.`}>
        <ColumnList columns={report.schema} rows={fileInfo.rows} />
      </Section>

      <Section id="receipt" title="How the file was read" lead="The reader’s receipt: everything it assumed, changed or left out.">
        <ReceiptText receipt={receipt} fileInfo={fileInfo} />
      </Section>

      <Section id="rows" title="Rows" lead={`The first ${formatCounted(report.cleanedPreview.length, "row")} of ${formatCounted(fileInfo.rows, "row")}, as typed values.`} aside={<Downloads jobId={jobId} />}>
        <Preview rows={report.cleanedPreview} columns={report.schema} />
      </Section>
    </article>
  );
}
