import clsx from "clsx";
import { CircleAlert, Info, TriangleAlert } from "lucide-react";

const LOOKS = {
  info: { icon: Info, className: "border-line bg-sunken text-ink", mark: "text-accent" },
  warn: { icon: TriangleAlert, className: "border-warn/40 bg-warn-wash text-ink", mark: "text-warn" },
  bad: { icon: CircleAlert, className: "border-bad/40 bg-bad-wash text-ink", mark: "text-bad" },
};

type Props = { tone: keyof typeof LOOKS; title?: string; role?: "alert" | "status"; children?: React.ReactNode };

export function Notice({ tone, title, role, children }: Props) {
  const { icon: Icon, className, mark } = LOOKS[tone];
  return (
    <div role={role} className={clsx("flex gap-3 rounded-md border p-4 text-sm", className)}>
      <Icon aria-hidden className={clsx("mt-0.5 size-5 shrink-0", mark)} />
      <div className="min-w-0 space-y-1">
        {title && <p className="font-semibold break-words">{title}</p>}
        {children}
      </div>
    </div>
  );
}
