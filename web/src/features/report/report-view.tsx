"use client";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { Boundary } from "@/components/ui/boundary";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import type { Report } from "@/lib/api/types";
import { useLive } from "@/lib/live";
import { useMedia } from "@/lib/use-media";
import { useTitle } from "@/lib/use-title";
import { Actions } from "./actions";
import { contentsOf, headlineOf, leadChart, type Contents } from "./contents";
import { Doubts } from "./doubts";
import type { Part } from "./drill";
import { Headline } from "./headline";
import { KpiCards } from "./kpi-cards";
import { PartBar } from "./part-bar";
import { PickableChart } from "./pickable-chart";
import { QualityStrip } from "./quality-strip";
import { usePart } from "./use-part";

const Parts = dynamic(() => import("./report-parts"), { ssr: false, loading: () => <Skeleton className="h-96" /> });

type Props = { jobId: string; report: Report };

/** The whole report, top to bottom: what it says, how far to trust it, how it is known. */
export function ReportView({ jobId, report }: Props) {
  const contents = useMemo(() => contentsOf(report), [report]);
  const lead = useMemo(() => leadChart(contents), [contents]);
  const others = useMemo(() => report.chartSpecs.filter((chart) => chart !== lead), [report, lead]);
  const isWide = useMedia("(min-width: 768px)");
  const isLive = useLive();
  const looking = usePart(jobId, contents);
  const shown = useMemo(() => (looking.part ? { ...contents, facts: looking.part.facts, charts: chartsOf(contents.charts, looking.part) } : contents), [contents, looking.part]);
  const { receipt, fileInfo } = report;
  useTitle(`${fileInfo.name}: ${headlineOf(report)} · DataPilot AI`);

  return (
    <article className="space-y-12">
      <div className="flex flex-col gap-6 lg:grid lg:grid-cols-12 lg:gap-x-10">
        <div className={lead ? "min-w-0 lg:col-span-7" : "min-w-0 lg:col-span-12 lg:max-w-4xl"}>
          <Headline report={report} actions={<Actions jobId={jobId} report={report} />} />
        </div>
        <div className="min-w-0 lg:col-span-12"><Boundary what="The quality bill"><QualityStrip report={report} /></Boundary></div>
        <div className="min-w-0 lg:col-span-12"><Boundary what="The key figures"><KpiCards contents={shown} cards={looking.part?.cards} /></Boundary></div>
        {lead && (
          <div className="min-w-0 lg:col-span-5 lg:col-start-8 lg:row-start-1">
            <PickableChart chart={lead} contents={contents} looking={looking} heading="h2" isEager={isWide} isTitleSaid={headlineOf(report) === `${lead.title}.`} className="card p-4 sm:p-5" />
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

      <Parts jobId={jobId} report={report} contents={contents} charts={others} looking={looking} />
      {isLive && <PartBar looking={looking} total={fileInfo.rows} />}
    </article>
  );
}

/** The charts by id, those of the part in place of their own. */
function chartsOf(charts: Contents["charts"], part: Part): Contents["charts"] {
  return new Map([...charts].map(([id, chart]) => [id, part.charts.get(id)?.chart ?? chart]));
}
