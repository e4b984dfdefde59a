"use client";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { ChartFigure } from "@/components/charts/chart-figure";
import { binWidth, fittingGrain, spreadChart, spreadMeasure, timeChart, timeMeasure } from "@/components/charts/from-fact";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { askFacts } from "@/lib/api/client";
import type { ColumnProfile, NumericStats, Receipt, Scalar } from "@/lib/api/types";
import { formatCount, formatCounted, formatScalar, formatShare } from "@/lib/format";
import { useLive } from "@/lib/live";
import { useMayWrite } from "@/lib/session";
import { TYPE_WORDS } from "@/lib/words";
import { cellText, rangeOf, rhythmLines, roleWords, typeWords, valueWords } from "./column-words";
import type { Contents } from "./contents";
import { PairsOf } from "./related-pairs";
import { useReread, wishesOf } from "./use-reread";

const BARS = 12;
const TYPES: ColumnProfile["inferred_type"][] = ["numeric", "categorical", "boolean", "datetime", "identifier", "text", "url", "email", "phone", "location", "list", "json"];

type Props = { jobId: string; column: ColumnProfile; rows: number; stats?: NumericStats; receipt: Receipt; contents: Contents };

/** One column in full: what it was taken for and why, how it is spread, its statistics, and the way to correct it. */
export function ColumnView({ jobId, column, rows, stats, receipt, contents }: Props) {
  const isLive = useLive();
  const mayWrite = useMayWrite();
  return (
    <div className="mt-3 space-y-6">
      <div className="space-y-2">
        <p><span className="font-semibold">{typeWords(column)}</span>{column.unit && column.unit !== "share" && ` in ${column.unit}`}{roleWords(column) && `; it ${roleWords(column)}`}. <span className="text-soft">Confidence {formatShare(column.confidence)}.</span></p>
        {column.reasons.length > 0 && (
          <ul className="list-disc space-y-1 pl-5 text-sm text-soft marker:text-soft">
            {column.reasons.map((reason, index) => <li key={index} className="break-words">{reason}</li>)}
          </ul>
        )}
      </div>
      {isLive && column.unique_count > 0 && <Spread jobId={jobId} column={column} stats={stats} names={contents.orders.get(column.name)} />}
      <Figures column={column} rows={rows} stats={stats} />
      {contents.report.together && <PairsOf column={column.name} together={contents.report.together} columns={contents.columns} />}
      {column.patterns?.length > 0 && <Patterns patterns={column.patterns} />}
      {column.sample_values.length > 0 && (
        <section>
          <h3 className="eyebrow mb-1">Some of its values</h3>
          <ul className="figures flex flex-wrap gap-2 text-sm">
            {column.sample_values.map((value, index) => <li key={index} className="max-w-full rounded bg-sunken px-2 py-1 break-words">{cellText(value, column)}</li>)}
          </ul>
        </section>
      )}
      {mayWrite && <Override jobId={jobId} column={column} receipt={receipt} />}
    </div>
  );
}

function Spread({ jobId, column, stats, names }: Pick<Props, "jobId" | "column" | "stats"> & { names?: readonly Scalar[] }) {
  // A few far values would squeeze all others into one bin, so bins are cut for the middle of the values.
  const [low, high] = [stats?.quantiles.p01 ?? null, stats?.quantiles.p99 ?? null];
  const width = column.inferred_type === "numeric" && low !== null && high !== null ? binWidth(low, high, column.storage === "BIGINT") : null;
  const isTime = column.inferred_type === "datetime" && typeof column.minimum === "string" && typeof column.maximum === "string";
  const grain = isTime ? fittingGrain(String(column.minimum), String(column.maximum)) : null;
  const isPersonal = column.pii !== null && column.pii !== undefined;
  const answer = useQuery({
    queryKey: ["facts", jobId, "spread", column.name],
    queryFn: ({ signal }) => askFacts(jobId, [grain ? timeMeasure(column.name, grain) : spreadMeasure(column.name, width, Math.max(BARS, names?.length ?? 0))], signal),
    enabled: !isPersonal,
    staleTime: Infinity,
  });
  if (isPersonal) return <p className="text-sm text-soft">Its values are personal, so they are not drawn.</p>;
  if (answer.isPending) return <Skeleton className="h-56" />;
  if (answer.isError) return <p role="alert" className="text-sm text-bad">{answer.error.message}</p>;
  const fact = answer.data[0]!;
  const spread = { isWhole: column.storage === "BIGINT", most: stats?.max ?? null, names };
  const name = column.label ?? column.name;
  const chart = grain ? timeChart(fact, name, grain, rangeOf(column)) : spreadChart(fact, name, width, column.unit ?? null, spread);
  return <ChartFigure chart={chart} grain={grain} isEager />;
}

function Figures({ column, rows, stats }: { column: ColumnProfile; rows: number; stats?: NumericStats }) {
  const unit = column.unit ?? null;
  const figure = (name: string, value: number | null | undefined, as: string | null = unit): [string, string][] => (value === null || value === undefined ? [] : [[name, formatScalar(value, as)]]);
  const end = (name: string, value: number | null): [string, string][] => (value === null ? [] : [[name, valueWords(value, column)]]);
  const range = rangeOf(column);
  const lines: [string, string][] = [
    ["Rows with a value", `${formatCount(rows - column.missing_count - column.inconsistent_count)} of ${formatCount(rows)}`],
    ["Missing", `${formatCounted(column.missing_count, "cell")}, ${formatShare(column.missing_share)}`],
    ...(column.inconsistent_count > 0 ? ([["Unreadable", formatCounted(column.inconsistent_count, "cell")]] as [string, string][]) : []),
    ["Different values", formatCount(column.unique_count)],
    ...(stats
      ? [
          ...(column.role === "sum" ? figure("Sum", stats.sum) : []), ...figure("Average", stats.mean), ...figure("Median", stats.median), ...figure("Standard deviation", stats.std),
          ...end("Smallest", stats.min), ...figure("5% lie below", stats.quantiles.p05), ...figure("25% lie below", stats.quantiles.p25),
          ...figure("75% lie below", stats.quantiles.p75), ...figure("95% lie below", stats.quantiles.p95), ...end("Largest", stats.max),
          ...figure("Zeros", stats.zeros, null), ...figure("Negative", stats.negatives, null), ...figure("Far from the rest", stats.outliers, null),
        ]
      : [
          ...(range ? ([["Range", range]] as [string, string][]) : []),
          ...(column.rhythm ? rhythmLines(column.rhythm) : []), // results made before it was looked for have none
          ...(column.mean_length != null ? ([["Length", `${formatCount(column.min_length ?? 0)} to ${formatCount(column.max_length ?? 0)} characters, ${formatScalar(column.mean_length)} on average`]] as [string, string][]) : []),
          ...(column.mean_words != null ? ([["Words", `${formatCount(column.min_words ?? 0)} to ${formatCount(column.max_words ?? 0)}, ${formatScalar(column.mean_words)} on average`]] as [string, string][]) : []),
        ]),
  ];
  return (
    <section>
      <h3 className="eyebrow mb-1">Figures, exact over all rows</h3>
      <dl className="figures grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 border-y text-sm">
        {lines.map(([name, value], index) => (
          <div key={index} className="col-span-2 grid grid-cols-subgrid border-t py-1 first:border-t-0">
            <dt className="text-soft">{name}</dt>
            <dd className="text-right break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Patterns({ patterns }: { patterns: ColumnProfile["patterns"] }) {
  return (
    <section>
      <h3 className="eyebrow mb-1">How its texts are built</h3>
      <dl className="figures grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 border-y text-sm">
        {patterns.map(({ mask, share }) => (
          <div key={mask} className="col-span-2 grid grid-cols-subgrid border-t py-1 first:border-t-0">
            <dt className="break-all whitespace-pre-wrap">{mask || "(empty text)"}</dt>
            <dd className="text-right">{formatShare(share)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1 text-xs text-soft">9 is any digit, A a capital, a any other letter.</p>
    </section>
  );
}

function Override({ jobId, column, receipt }: { jobId: string; column: ColumnProfile; receipt: Receipt }) {
  const id = useId();
  const [type, setType] = useState(column.inferred_type);
  const reread = useReread(jobId);
  const wishes = wishesOf(receipt.options);
  return (
    <section className="no-print rounded-md bg-sunken p-4">
      <label htmlFor={id} className="block text-sm font-semibold">Not what this column is? Treat it as</label>
      <div className="mt-2 flex flex-wrap gap-2">
        <select id={id} value={type} onChange={(event) => setType(event.target.value as ColumnProfile["inferred_type"])} className="min-h-11 min-w-0 flex-1 basis-40 rounded-md border border-edge bg-surface px-3">
          {[...new Set([column.inferred_type, ...TYPES])].map((choice) => <option key={choice} value={choice}>{TYPE_WORDS[choice]}</option>)}
        </select>
        <Button disabled={type === column.inferred_type || reread.isPending} onClick={() => reread.mutate({ ...wishes, types: { ...wishes.types, [column.name]: type } })}>Read it again this way</Button>
      </div>
      {reread.isError && <p role="alert" className="mt-2 text-sm text-bad">{reread.error.message}</p>}
    </section>
  );
}
