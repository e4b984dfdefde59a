import { Sparkline } from "@/components/charts/sparkline";
import type { Course } from "./contents";

const MOST_BARS = 24;
const FEWEST_BARS = 2;
const [WIDTH, HEIGHT] = [120, 48];

/** A finding in the size of a stamp; the drawer has it in full, so this one is hidden from screen readers. */
export function Thumbnail({ values, isTime, named }: Course) {
  if (isTime) return <Sparkline values={values} className="h-12 w-full" />;
  // Of more bars than a stamp has room for those at the end of the one that is spoken of.
  const from = named !== null && named >= MOST_BARS ? Math.max(0, values.length - MOST_BARS) : 0;
  const bars = values.slice(from, from + MOST_BARS).map((value) => value ?? 0);
  if (bars.length < FEWEST_BARS) return null;
  const [low, high] = [Math.min(0, ...bars), Math.max(0, ...bars)];
  const spoken = named === null ? bars.indexOf(high) : named - from;
  const scale = (HEIGHT - 2) / (high - low || 1);
  const step = WIDTH / bars.length;
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-12 w-full">
      {bars.map((value, index) => (
        <rect key={index} x={index * step + step * 0.1} y={HEIGHT - (Math.max(value, 0) - low) * scale} width={step * 0.8} height={Math.abs(value) * scale} fill="var(--chart-1)" fillOpacity={index === spoken ? 1 : 0.45} />
      ))}
    </svg>
  );
}
