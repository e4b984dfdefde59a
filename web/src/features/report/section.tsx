import clsx from "clsx";
import { Boundary } from "@/components/ui/boundary";

type Props = { id: string; title: string; lead?: React.ReactNode; aside?: React.ReactNode; className?: string; children: React.ReactNode };

/** One part of the report under its heading; if it breaks, the others stay. */
export function Section({ id, title, lead, aside, className, children }: Props) {
  return (
    <section aria-labelledby={`${id}-title`} id={id} className={clsx("border-t pt-8", className)}>
      <div className="mb-5 flex flex-wrap items-end gap-x-6 gap-y-2 print:break-after-avoid">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id={`${id}-title`} className="font-serif text-2xl leading-tight">{title}</h2>
          {lead && <div className="mt-1 max-w-3xl text-sm text-soft">{lead}</div>}
        </div>
        {aside}
      </div>
      <Boundary what="This part of the page">{children}</Boundary>
    </section>
  );
}
