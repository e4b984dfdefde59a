import { BadgeCheck, FlaskConical } from "lucide-react";
import type { InsightsMetadata, Report } from "@/lib/api/types";
import { formatCounted, formatInstant } from "@/lib/format";
import { headlineOf } from "./contents";
import { headlineLook } from "./headline-look";
import { typeset } from "@/lib/words";

/** Who wrote the sentences, said so that a mock can never be taken for a model or a model for a rule. */
function authorOf({ source, model }: InsightsMetadata): string {
  if (source === "llm") return `worded with the help of ${model ?? "a language model"}, every figure computed here`;
  if (source === "mock") return "texts by the built-in demo provider, not by a model";
  return "written by fixed rules, no language model";
}


type Props = { report: Report; actions?: React.ReactNode };

/** The main finding as the page's title, and right below it what it rests on. */
export function Headline({ report, actions }: Props) {
  const { fileInfo, receipt, insights, processedAt } = report;
  const isVerified = insights.analystInsights[0]?.verified ?? false;
  const title = headlineOf(report);
  const facts = [
    formatCounted(fileInfo.rows, "row"),
    formatCounted(fileInfo.cols, "column"),
    ...(fileInfo.sheet ? [receipt.fileType === "pdf" ? fileInfo.sheet.toLowerCase() : `${receipt.sheets.includes(fileInfo.sheet) ? "sheet" : "sheets"} “${fileInfo.sheet}”`] : []),
    ...(receipt.rejectedCount > 0 ? [`${formatCounted(receipt.rejectedCount, "row")} could not be kept`] : []),
  ];
  return (
    <header>
      <p className="eyebrow mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        {insights.analystInsights.length > 0 ? "Main finding" : "At a glance"}
        {isVerified && <span className="inline-flex items-center gap-1 text-good"><BadgeCheck aria-hidden className="size-4" />Verified</span>}
        {insights.metadata.source === "mock" && <span className="inline-flex items-center gap-1 text-warn"><FlaskConical aria-hidden className="size-4" />Demo text</span>}
      </p>
      <h1 className={headlineLook(title)}>{typeset(title)}</h1>
      <p className="mt-3 text-sm break-words text-soft">
        <span className="font-medium text-ink">{fileInfo.name}</span> · {facts.join(" · ")} · analysed <time dateTime={processedAt}>{formatInstant(processedAt)}</time>
        <span className="max-sm:hidden"> · {authorOf(insights.metadata)}</span>
      </p>
      {insights.businessSummary.length > 1 && (
        <ul className="mt-5 space-y-2 border-l-2 border-accent pl-4">
          {insights.businessSummary.slice(1).map((sentence, index) => <li key={index} className="break-words">{typeset(sentence)}</li>)}
        </ul>
      )}
      {actions}
    </header>
  );
}
