/** What is new, gone or changed between two reports. The same measure bears the same id in both, so figures can be laid side by side. */
import type { Fact, Insight, Report } from "@/lib/api/types";
import { formatPrecisely, formatScalar } from "@/lib/format";
import { sayMeasure, TYPE_WORDS } from "@/lib/words";

export type Change = "new" | "gone" | "changed";
export type InsightChange = { change: Change; headline: string; before?: string };
export type ColumnChange = { change: Change; name: string; note: string };
export type FigureChange = { name: string; before: string; after: string; share: number | null };
export type Differences = { insights: InsightChange[]; sameInsights: number; columns: ColumnChange[]; sameColumns: number; figures: FigureChange[]; sameFigures: number; haveNothingInCommon: boolean };

const FIGURES_SHOWN = 30;

export function differencesOf(before: Report, after: Report): Differences {
  const insights = insightChanges(before.insights.analystInsights, after.insights.analystInsights);
  const columns = columnChanges(before, after);
  const figures = figureChanges(before, after);
  return {
    insights,
    sameInsights: after.insights.analystInsights.length - insights.filter(({ change }) => change !== "gone").length,
    columns,
    sameColumns: after.schema.length - columns.filter(({ change }) => change !== "gone").length,
    ...figures,
    haveNothingInCommon: !after.schema.some((column) => before.schema.some((old) => old.name === column.name)),
  };
}

/** Findings are the same when they say the same kind of thing of the same columns. */
const subjectOf = (insight: Insight) => JSON.stringify([insight.kind, insight.columns]);

function insightChanges(before: readonly Insight[], after: readonly Insight[]): InsightChange[] {
  const left = [...before];
  const take = (fits: (old: Insight) => boolean) => {
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  // Equal ids first, so that of several findings about one subject each meets its own.
  const pairs = after.map((insight) => ({ insight, old: take((old) => old.id === insight.id) }));
  const changes = pairs.flatMap(({ insight, old }): InsightChange[] => {
    const earlier = old ?? take((other) => subjectOf(other) === subjectOf(insight));
    if (!earlier) return [{ change: "new", headline: insight.headline }];
    return earlier.headline === insight.headline ? [] : [{ change: "changed", headline: insight.headline, before: earlier.headline }];
  });
  return [...changes, ...left.map((insight): InsightChange => ({ change: "gone", headline: insight.headline }))];
}

function columnChanges(before: Report, after: Report): ColumnChange[] {
  const old = new Map(before.schema.map((column) => [column.name, column]));
  const names = new Set(after.schema.map((column) => column.name));
  return [
    ...after.schema.flatMap((column): ColumnChange[] => {
      const earlier = old.get(column.name);
      if (!earlier) return [{ change: "new", name: column.name, note: TYPE_WORDS[column.inferred_type] }];
      return earlier.inferred_type === column.inferred_type ? [] : [{ change: "changed", name: column.name, note: `${TYPE_WORDS[earlier.inferred_type]} before, ${TYPE_WORDS[column.inferred_type]} now` }];
    }),
    ...before.schema.filter((column) => !names.has(column.name)).map((column): ColumnChange => ({ change: "gone", name: column.name, note: TYPE_WORDS[column.inferred_type] })),
  ];
}

/** Figures that both reports state, those on the cards first, then the greatest change. */
function figureChanges(before: Report, after: Report): { figures: FigureChange[]; sameFigures: number } {
  const old = new Map(before.facts.map((fact) => [fact.id, fact]));
  const columns = new Map(after.schema.map((column) => [column.name, column]));
  const onCards = new Set(after.kpis.cards.map((card) => card.factId));
  const shared = after.facts.flatMap((fact) => {
    const earlier = old.get(fact.id);
    return earlier && isFigure(earlier) && isFigure(fact) && !fact.measure.filters?.length ? [{ fact, from: earlier.value as number, to: fact.value as number }] : [];
  });
  const moved = shared.filter(({ from, to }) => from !== to);
  const rank = ({ fact, from, to }: (typeof moved)[number]) => (onCards.has(fact.id) ? Number.MAX_VALUE : Math.abs(shareOf(from, to) ?? 0));
  return {
    sameFigures: shared.length - moved.length,
    figures: moved
      .sort((a, b) => rank(b) - rank(a))
      .slice(0, FIGURES_SHOWN)
      .map(({ fact, from, to }) => ({ name: sayMeasure(fact.measure, columns), ...bothSaid(from, to, fact), share: fact.unit === "share" ? null : shareOf(from, to) })),
  };
}

const isFigure = (fact: Fact) => typeof fact.value === "number";
const shareOf = (from: number, to: number) => (from > 0 && to >= 0 ? to / from - 1 : null);

/** Two figures in words; with as many more digits as it takes to tell them apart. */
function bothSaid(from: number, to: number, fact: Fact): { before: string; after: string } {
  const said = [from, to].map((value) => formatScalar(value, fact.unit));
  const [before, after] = said[0] === said[1] ? [from, to].map((value) => formatPrecisely(value, fact.unit)) : said;
  return { before: before!, after: after! };
}
