import type { ColumnProfile, NumericStats } from "@/lib/api/types";

const WIDTH = 120;
const HEIGHT = 16;

/**
 * How a column is spread, in the size of a word: for numbers the middle half as a box with the median in it, for
 * few-valued columns the shares of their commonest values side by side. The words beside it say the same.
 */
export function Distribution({ column, stats }: { column: ColumnProfile; stats?: NumericStats }) {
  if (stats && column.inferred_type === "numeric") return <Spread stats={stats} />;
  const shares = column.top_values.map((top) => top.share).filter((share) => share > 0);
  if (shares.length < 2 || shares[0]! < 0.02) return null;
  return <Shares shares={shares} />;
}

function Spread({ stats }: { stats: NumericStats }) {
  const { p25, p50, p75 } = stats.quantiles as Record<string, number | null>;
  // A few far values would squeeze all others into a line, so the ends are those of 98 % of the values.
  const { p01, p99 } = stats.quantiles as Record<string, number | null>;
  const [low, high] = p01 != null && p99 != null && p01 !== p99 ? [p01, p99] : [stats.min, stats.max];
  if (low == null || high == null || p25 == null || p50 == null || p75 == null || high === low) return null;
  const x = (value: number) => 2 + ((value - low) / (high - low)) * (WIDTH - 4);
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-4 w-30">
      <path d={`M2 8H${WIDTH - 2}M2 4v8M${WIDTH - 2} 4v8`} className="stroke-edge" strokeWidth="1" fill="none" />
      <rect x={x(p25)} y="3" width={Math.max(1.5, x(p75) - x(p25))} height="10" rx="1" className="fill-chart" fillOpacity="0.55" />
      <path d={`M${x(p50)} 1.5v13`} className="stroke-ink" strokeWidth="2" />
    </svg>
  );
}

function Shares({ shares }: { shares: number[] }) {
  const starts = shares.map((_, index) => shares.slice(0, index).reduce((sum, share) => sum + share, 0) * WIDTH);
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-4 w-30">
      <rect y="3" width={WIDTH} height="10" rx="1" className="fill-line" />
      {shares.map((share, index) => (
        <rect key={index} x={starts[index]! + 0.5} y="3" width={Math.max(0.5, share * WIDTH - 1)} height="10" rx="1" className="fill-chart" fillOpacity={Math.max(0.25, 0.95 - index * 0.18)} />
      ))}
    </svg>
  );
}
