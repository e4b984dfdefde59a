"use client";
import { useQuery } from "@tanstack/react-query";
import { BadgeCheck, ChevronRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { amend, leave, step, useAddress } from "@/lib/address";
import { getJudgements } from "@/lib/api/client";
import type { Insight, Judgement } from "@/lib/api/types";
import { formatCounted } from "@/lib/format";
import { useShortcuts } from "@/lib/keys";
import { useGoingOn } from "@/lib/use-going-on";
import { usePaper } from "@/lib/use-media";
import { useMayWrite } from "@/lib/session";
import { typeset } from "@/lib/words";
import { courseOf, type Contents } from "./contents";
import { DetailText } from "./detail-text";
import { EvidenceView } from "./evidence-view";
import { Feedback } from "./feedback";
import { addressee } from "./recommendation";
import { Severity } from "./severity";
import { Thumbnail } from "./thumbnail";

const SHOWN_FIRST = 5;

/** The findings in their order of weight; each opens to what it rests on. */
export function InsightList({ jobId, contents }: { jobId: string; contents: Contents }) {
  const { analystInsights } = contents.report.insights;
  const mayWrite = useMayWrite();
  const judgements = useQuery({ queryKey: ["judgements", jobId], queryFn: ({ signal }) => getJudgements(jobId, signal), enabled: mayWrite, staleTime: Infinity, retry: false });
  const judged = new Map(judgements.data?.map((judgement) => [judgement.insightId, judgement.action]));
  const named = useAddress().get("insight");
  const openedAt = analystInsights.findIndex((insight) => insight.id === named);
  const opened = analystInsights[openedAt];
  const [isWished, setAll] = useState(false);
  const isAll = usePaper() || isWished; // paper has no button for the rest
  const list = useRef<HTMLOListElement>(null);
  const buttons = () => [...(list.current?.querySelectorAll<HTMLButtonElement>("button[data-evidence]") ?? [])];
  const open = (insight: Insight) => step({ insight: insight.id });

  // The last one looked at has the focus afterwards, not the one that was opened first.
  const lastAt = useRef(-1);
  useEffect(() => {
    if (openedAt < 0 && lastAt.current >= 0) buttons()[lastAt.current]?.focus();
    lastAt.current = openedAt;
  }, [openedAt]);

  const shown = isAll ? analystInsights : analystInsights.slice(0, SHOWN_FIRST);
  const goOn = useGoingOn(shown.length, (index) => buttons()[index]);
  const showAll = () => {
    goOn();
    setAll(true);
  };

  /** Go on by one: in the drawer to its evidence, in the list to its button. */
  const turn = (by: 1 | -1) => {
    if (opened) {
      const next = analystInsights[openedAt + by];
      if (next) amend({ insight: next.id });
      return;
    }
    const all = buttons();
    const at = all.findIndex((button) => button.closest("li")?.contains(document.activeElement));
    const next = all[at < 0 ? 0 : at + by];
    if (next) {
      next.focus();
      next.closest("li")?.scrollIntoView({ block: "nearest" });
    } else if (by === 1 && !isAll) {
      showAll();
    }
  };
  useShortcuts([
    { keys: "j", does: "Go to the next insight", run: () => turn(1), inDialog: opened !== undefined },
    { keys: "k", does: "Go to the insight before", run: () => turn(-1), inDialog: opened !== undefined },
    {
      keys: "e",
      does: "Open the evidence of the insight",
      run: () => {
        const at = buttons().findIndex((button) => button.closest("li")?.contains(document.activeElement));
        const insight = analystInsights[Math.max(0, at)];
        if (insight) open(insight);
      },
    },
  ]);
  if (analystInsights.length === 0) {
    return <p className="max-w-2xl text-soft">Nothing in this table stands out strongly enough to be called a finding. The {contents.report.chartSpecs.length > 1 ? "charts and columns" : "columns"} below show what it holds.</p>;
  }
  return (
    <>
      <ol ref={list} className="divide-y">
        {shown.map((insight, index) => <Entry key={insight.id} jobId={jobId} insight={insight} rank={index + 1} judged={judged.get(insight.id)} contents={contents} onOpen={() => open(insight)} />)}
      </ol>
      {!isAll && analystInsights.length > SHOWN_FIRST && (
        <Button className="no-print mt-4" onClick={showAll}>Show {formatCounted(analystInsights.length - SHOWN_FIRST, "more insight")}</Button>
      )}
      <Dialog isOpen={opened !== undefined} onClose={() => { if (opened) leave({ insight: null }); }} title={opened?.headline ?? ""} placement="right">
        {opened && <EvidenceView insight={opened} contents={contents} />}
        {opened && analystInsights.length > 1 && (
          <div className="mt-auto flex items-center justify-between gap-3 pt-6">
            <Button aria-disabled={openedAt === 0} onClick={() => turn(-1)} className="aria-disabled:opacity-50">Insight before</Button>
            <p role="status" className="figures text-sm text-soft">{openedAt + 1} of {analystInsights.length}</p>
            <Button aria-disabled={openedAt === analystInsights.length - 1} onClick={() => turn(1)} className="aria-disabled:opacity-50">Next insight</Button>
          </div>
        )}
      </Dialog>
    </>
  );
}

type EntryProps = { jobId: string; insight: Insight; rank: number; judged?: Judgement["action"]; contents: Contents; onOpen: () => void };

function Entry({ jobId, insight, rank, judged, contents, onOpen }: EntryProps) {
  const mayWrite = useMayWrite();
  const course = courseOf(insight, contents);
  const id = `insight-${rank}`;
  return (
    <li className="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-3 py-5 first:pt-0 md:grid-cols-[2.5rem_minmax(0,1fr)_10rem] md:gap-x-6">
      <span aria-hidden className="figures font-serif text-2xl leading-tight text-soft">{rank}</span>
      <div className="min-w-0 max-w-3xl">
        <div className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
          <Severity severity={insight.severity} />
          {insight.verified ? (
            <span className="inline-flex items-center gap-1 text-xs font-medium text-good"><BadgeCheck aria-hidden className="size-4" />Verified</span>
          ) : (
            <span className="text-xs text-soft">Not verified</span>
          )}
        </div>
        <h3 id={id} className="font-serif text-xl leading-snug break-words">{typeset(insight.headline)}</h3>
        <DetailText text={insight.detail} />
        <p className="mt-2 text-sm break-words text-soft">
          <span className="font-semibold text-ink">{addressee(insight)}</span> {typeset(insight.recommendation.what)}
        </p>
        <div className="no-print mt-1 -ml-4 flex flex-wrap items-center">
          <Button tone="plain" data-evidence aria-haspopup="dialog" aria-describedby={id} onClick={onOpen} className="text-accent!">
            Evidence<ChevronRight aria-hidden className="-ml-1 size-4" />
          </Button>
          {mayWrite && <Feedback jobId={jobId} insight={insight} judged={judged} describedBy={id} />}
        </div>
      </div>
      {course && <div className="hidden self-center md:block"><Thumbnail {...course} /></div>}
    </li>
  );
}
