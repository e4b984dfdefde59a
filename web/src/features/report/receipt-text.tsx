"use client";
import { Disclosure } from "@/components/ui/disclosure";
import type { Receipt, Report } from "@/lib/api/types";
import { formatCount, formatCounted } from "@/lib/format";
import { TYPE_WORDS } from "@/lib/words";
import { useMayWrite } from "@/lib/session";
import { Doubts } from "./doubts";
import { ReadingForm } from "./reading-form";
import { receiptSentences } from "./receipt-words";

const NOTES_SHOWN = 20;
type RowNotes = Receipt["skipped"];
type Conversion = Receipt["conversions"][number];

/** What the reader did to the file, in sentences; the lists behind them on request. */
export function ReceiptText({ jobId, receipt, fileInfo }: { jobId: string; receipt: Receipt; fileInfo: Report["fileInfo"] }) {
  const mayWrite = useMayWrite();
  const isTelling = (conversion: Conversion) => conversion.failed > 0 || Object.keys(conversion.missingTokens ?? {}).length > 0;
  const telling = receipt.conversions.filter(isTelling);
  const unlisted = (receipt.conversionsCount ?? 0) - receipt.conversions.length;
  const plain = receipt.conversions.filter((conversion) => !isTelling(conversion));
  return (
    <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="min-w-0 space-y-4">
        <p className="max-w-prose break-words">{receiptSentences(receipt, fileInfo).join(" ")}</p>
        {receipt.ambiguities.length > 0 && <Doubts jobId={jobId} receipt={receipt} />}
        <Lines title="Rejected rows" notes={receipt.rejected} total={receipt.rejectedCount} />
        <Lines title="Repaired rows" notes={receipt.repaired} total={receipt.repairedCount} />
        <Lines title="Skipped lines" notes={receipt.skipped} total={receipt.skippedCount} />
        {mayWrite && <ReadingForm jobId={jobId} receipt={receipt} />}
      </div>
      {telling.length + plain.length > 0 && (
        <div className="min-w-0">
          <h3 className="eyebrow mb-1">Conversions</h3>
          {telling.length > 0 && <Conversions conversions={telling} />}
          {plain.length > 0 && (
            <Disclosure summary={`${formatCounted(plain.length, "column")} converted without a failure`}>
              <div className="no-print"><Conversions conversions={plain} /></div>{/* on paper the count says enough: it may be hundreds */}
            </Disclosure>
          )}
          {unlisted > 0 && <p className="mt-1 text-sm text-soft">{formatCounted(unlisted, "more column")} {unlisted === 1 ? "was" : "were"} converted too.</p>}
        </div>
      )}
    </div>
  );
}

function Conversions({ conversions }: { conversions: Conversion[] }) {
  return (
    <ul className="divide-y border-y text-sm">
      {conversions.map((conversion, index) => {
        const tokens = Object.entries(conversion.missingTokens ?? {});
        return (
          <li key={index} className="py-2">
            <p className="break-words"><span className="font-semibold">{conversion.column}</span> to {TYPE_WORDS[conversion.to as keyof typeof TYPE_WORDS] ?? conversion.to}{conversion.format && `, ${conversion.format}`}</p>
            <p className="break-words text-soft">
              {formatCounted(conversion.converted, "cell")} converted
              {conversion.failed > 0 && <span className="text-bad">, {formatCount(conversion.failed)} did not fit{conversion.failedExamples.length > 0 && ` (${conversion.failedExamples.slice(0, 3).map((text) => `“${text}”`).join(", ")})`}</span>}
              {tokens.length > 0 && `; read as missing: ${tokens.map(([token, count]) => `“${token}” ${formatCount(count)} ×`).join(", ")}`}.
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function Lines({ title, notes, total }: { title: string; notes: RowNotes; total: number }) {
  if (notes.length === 0) return null;
  return (
    <Disclosure summary={`${title} (${formatCount(total)})`}>
      <ul className="figures divide-y border-y text-sm">
        {notes.slice(0, NOTES_SHOWN).map((note, index) => (
          <li key={index} className="py-1.5 break-words">
            Line {formatCount(note.line)}: {note.reason}
            {note.text && <code className="mt-0.5 block overflow-hidden font-mono text-xs text-ellipsis text-soft">{note.text}</code>}
          </li>
        ))}
      </ul>
      {total > NOTES_SHOWN && <p className="mt-1 text-sm text-soft">The first {formatCount(Math.min(NOTES_SHOWN, notes.length))} of {formatCount(total)}; the JSON download holds more.</p>}
    </Disclosure>
  );
}
