/** Charts of pairs of columns over a part of the rows: the same map of correlations, the same scatter, drawn anew. */
import type { ChartSpec, Fact, Points } from "@/lib/api/types";
import { formatCoefficient, formatCount, formatCounted } from "@/lib/format";
import { capitalise } from "@/lib/words";

const FEWEST_ROWS = 10; // of fewer a coefficient says nothing
const PER_PAIR = 2; // records of a map: one on either side of its diagonal

/** Whether a map has a fact for each pair of its records. */
export const isMapOf = (chart: ChartSpec, facts: readonly Fact[]) => chart.type === "heatmap" && facts.length > 0 && facts.length * PER_PAIR === chart.data.length;

/** A map of the same pairs, in their old places; its title claims nothing. Pairs of too few rows have no figure. */
export function redrawnMap(chart: ChartSpec, facts: readonly Fact[], subtitle: string): ChartSpec {
  const key = chart.valueKey ?? "value";
  const data = chart.data.map((record, index) => ({ ...record, [key]: coefficientOf(facts[Math.floor(index / PER_PAIR)]) }));
  const known = data.filter((record) => record[key] !== null);
  const closest = known.reduce<(typeof data)[number] | null>((most, record) => (most === null || size(record[key]) > size(most[key]) ? record : most), null);
  const said = closest ? `closest are ${String(closest[chart.xKey])} and ${String(closest[chart.yKey])} (r = ${formatCoefficient(Number(closest[key]))})` : "too few rows to tell";
  return { ...chart, title: "How the numbers move together", titleTemplate: "", subtitle, alt: `Heat map of correlations; ${said}.`, data, pointsTotal: Math.max(...facts.map((fact) => fact.n)) };
}

/** The same two columns as points of these rows; `fact` tells how closely they go together, where the chart cites that. */
export function redrawnCloud(chart: ChartSpec, { step, total, points }: Points, fact: Fact | undefined, subtitle: string): ChartSpec {
  const r = fact?.measure.metric === "correlation" ? coefficientOf(fact) : null;
  const title = capitalise(`${chart.yLabel} against ${chart.xLabel}`);
  const rows = `${formatCounted(total, "row")}${r === null ? "" : `, r = ${formatCoefficient(r)}`}`;
  return {
    ...chart, title, titleTemplate: "", subtitle: `${subtitle}: ${rows}`, alt: `Scatter of ${title}: ${rows}.`,
    data: points.map(([x, y]) => ({ [chart.xKey]: x, [chart.yKey]: y })), pointsShown: points.length, pointsTotal: total,
    note: step > 1 ? `One row in ${formatCount(step)} is drawn.` : null, sample: chart.sample ? { ...chart.sample, step } : null,
  };
}

const size = (value: unknown) => Math.abs(Number(value));
const coefficientOf = (fact: Fact | undefined) => (fact && typeof fact.value === "number" && fact.n >= FEWEST_ROWS ? fact.value : null);
