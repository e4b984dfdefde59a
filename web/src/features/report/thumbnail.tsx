import { Sparkline } from "@/components/charts/sparkline";

const MOST_BARS = 24;
const FEWEST_BARS = 2;

type Props = { values: (number | null)[]; isTime: boolean };

/** A finding in the size of a stamp; the drawer has it in full, so this one is hidden from screen readers. */
export function Thumbnail({ values, isTime }: Props) {
  if (isTime) return <Sparkline values={values} className="h-12 w-full" />;
  const bars = values.slice(0, MOST_BARS).map((value) => Math.max(0, value ?? 0));
  if (bars.length < FEWEST_BARS) return null;
  const top = Math.max(...bars, Number.MIN_VALUE);
  const step = 120 / bars.length;
  return (
    <svg aria-hidden viewBox="0 0 120 48" preserveAspectRatio="none" className="h-12 w-full">
      {bars.map((value, index) => (
        <rect key={index} x={index * step + step * 0.1} y={48 - (value / top) * 46} width={step * 0.8} height={(value / top) * 46} fill="var(--chart-1)" fillOpacity={value === top ? 1 : 0.45} />
      ))}
    </svg>
  );
}
