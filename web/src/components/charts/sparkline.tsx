type Props = { values: (number | null)[]; className?: string };

const WIDTH = 120;
const HEIGHT = 32;
const PAD = 3;

/** The course of a figure without axes; decoration beside words that say the same, so hidden from screen readers. */
export function Sparkline({ values, className }: Props) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 3) return null;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const x = (index: number) => PAD + (index / (values.length - 1)) * (WIDTH - 2 * PAD);
  const y = (value: number) => HEIGHT - PAD - ((value - low) / span) * (HEIGHT - 2 * PAD);
  // After a gap in the data the pen is lifted: a gap stays a gap.
  const path = values
    .map((value, index) => (value === null ? "" : `${index > 0 && values[index - 1] != null ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`))
    .join("");
  const last = values.findLastIndex((value) => value !== null);
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={className}>
      <path d={path} fill="none" stroke="var(--chart-1)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
      {/* A line of no length with round ends is a dot that stays round however the drawing is stretched. */}
      <path d={`M${x(last).toFixed(1)} ${y(values[last] as number).toFixed(1)}h0.01`} stroke="var(--chart-2)" strokeWidth="6" vectorEffect="non-scaling-stroke" strokeLinecap="round" />
    </svg>
  );
}
