import { ChartFigure } from "@/components/charts/chart-figure";
import { drawnFact, grainOf } from "@/components/charts/series";
import type { Fact, Insight, KeyedValue } from "@/lib/api/types";
import { formatCount, formatCounted, formatPeriod, formatScalar, type Grain } from "@/lib/format";
import { sayMeasure, shownUnit, typeset } from "@/lib/words";
import { cellText } from "./column-words";
import { chartOf, type Contents } from "./contents";
import { DetailText } from "./detail-text";
import { addressee } from "./recommendation";
import { Severity } from "./severity";

const ENTRIES_SHOWN = 8;
const ROWS_SHOWN = 5;

/** What one finding rests on: the facts in words, the chart, the rows, and the statistics. */
export function EvidenceView({ insight, contents }: { insight: Insight; contents: Contents }) {
  // What a chart draws stands in the chart; listed are the figures that the words cite.
  const cited = insight.evidence.filter((item) => item.kind !== "chart_id");
  const facts = distinct((cited.length > 0 ? cited : insight.evidence).flatMap((item) => item.factIds)).map((id) => contents.facts.get(id)).filter((fact) => fact !== undefined);
  const chart = chartOf(insight, contents);
  const rows = insight.evidence.filter((item) => item.rowIndices && item.rowIndices.length > 0);
  return (
    <div className="mt-3 space-y-7">
      <div>
        <Severity severity={insight.severity} />
        <DetailText text={insight.detail} />
      </div>
      {facts.length > 0 && (
        <Part title={insight.verified ? "Figures, recomputed before printing" : "Figures"}>
          <ul className="divide-y border-y">
            {facts.map((fact) => <FactLine key={fact.id} fact={fact} columns={contents.columns} />)}
          </ul>
        </Part>
      )}
      {chart && (
        <Part title="Chart">
          <ChartFigure chart={chart} grain={grainOf(chart, contents.facts)} fact={drawnFact(chart, contents.facts)} isEager />
        </Part>
      )}
      {rows.map((item, index) => (
        <Part key={index} title="Rows">
          {item.text && <p className="mb-2 text-sm break-words text-soft">{item.text}</p>}
          <Rows indices={item.rowIndices ?? []} columns={insight.columns} contents={contents} />
        </Part>
      ))}
      {insight.statistics && <Part title="Statistics"><p className="figures text-sm break-words">{insight.statistics}</p></Part>}
      <Part title="What to do">
        <p className="text-sm break-words"><span className="font-semibold">{addressee(insight)}</span> {typeset(insight.recommendation.what)}</p>
      </Part>
    </div>
  );
}

const distinct = <T,>(items: readonly T[]) => [...new Set(items)];

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h3 className="eyebrow mb-2">{title}</h3>
      {children}
    </section>
  );
}

function FactLine({ fact, columns }: { fact: Fact; columns: Contents["columns"] }) {
  const grain = (fact.measure.grain ?? null) as Grain | null;
  return (
    <li className="py-2">
      <div className="flex items-baseline gap-4">
        <p className="min-w-0 flex-1 text-sm break-words">{typeset(sayMeasure(fact.measure, columns))}</p>
        {!Array.isArray(fact.value) && <p className="figures shrink-0 font-semibold">{formatScalar(fact.value, shownUnit(fact))}</p>}
      </div>
      {Array.isArray(fact.value) && <Entries entries={fact.value} grain={grain} unit={shownUnit(fact)} />}
      <p className="text-xs text-soft">Rests on {formatCounted(fact.n, fact.unit === "cells" ? "cell" : "row")}</p>
    </li>
  );
}

function Entries({ entries, grain, unit }: { entries: KeyedValue[]; grain: Grain | null; unit: string | null }) {
  const shown = entries.length > ENTRIES_SHOWN && grain ? entries.slice(-ENTRIES_SHOWN) : entries.slice(0, ENTRIES_SHOWN);
  const top = Math.max(...shown.map((entry) => (typeof entry.value === "number" ? entry.value : 0)), Number.MIN_VALUE);
  return (
    <>
      <ul className="figures mt-1 text-sm">
        {shown.map((entry, index) => (
          <li key={index} className="grid grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(4rem,auto)] items-center gap-x-3 py-0.5">
            <span className="break-words text-soft"><bdi>{formatPeriod(entry.key, grain)}</bdi>{entry.other ? ` (${formatCounted(entry.other, "further value")})` : ""}</span>
            <span aria-hidden className="h-2 rounded-sm bg-chart/70" style={{ width: `${typeof entry.value === "number" ? Math.max(0, (100 * entry.value) / top) : 0}%` }} />
            <span className="text-right">{formatScalar(entry.value, unit)}</span>
          </li>
        ))}
      </ul>
      {entries.length > shown.length && <p className="text-xs text-soft">{grain ? "The latest" : "The first"} {formatCount(shown.length)} of {formatCount(entries.length)}.</p>}
    </>
  );
}

type RowsProps = { indices: readonly number[]; columns: readonly string[]; contents: Contents };

/** The row numbers, and the rows themselves where the preview holds them. */
function Rows({ indices, columns, contents }: RowsProps) {
  const { cleanedPreview, schema } = contents.report;
  const known = indices.filter((index) => index < cleanedPreview.length).slice(0, ROWS_SHOWN);
  const names = columns.length > 0 ? columns : schema.slice(0, 4).map((column) => column.name);
  return (
    <>
      <p className="figures text-sm break-words">{indices.map((index) => formatCount(index + 1)).join(", ")}<span className="text-soft"> (counted from 1, below the header)</span></p>
      {known.length > 0 && (
        <div tabIndex={0} role="region" aria-label="Rows concerned" className="relative mt-2 overflow-x-auto rounded-md border">
          <table aria-label="Rows concerned" className="figures w-full text-sm">
            <thead className="bg-sunken text-left">
              <tr>
                <th scope="col" className="px-3 py-1.5 font-semibold">Row</th>
                {names.map((name) => <th key={name} scope="col" className="max-w-48 px-3 py-1.5 font-semibold break-words">{name}</th>)}
              </tr>
            </thead>
            <tbody className="divide-y">
              {known.map((index) => (
                <tr key={index}>
                  <th scope="row" className="px-3 py-1.5 text-left font-normal text-soft">{formatCount(index + 1)}</th>
                  {names.map((name) => <td key={name} className="max-w-48 px-3 py-1.5 break-words">{cellText(cleanedPreview[index]?.[name] ?? null, contents.columns.get(name)) || <span className="text-soft">missing</span>}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
