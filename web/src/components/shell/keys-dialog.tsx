"use client";
import { Keyboard } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { shortcutsNow, switchShortcuts, useAreShortcutsOn, type Shortcut } from "@/lib/keys";

const ALWAYS: Pick<Shortcut, "keys" | "does">[] = [
  { keys: "Esc", does: "Close what is open" },
  { keys: "Tab", does: "Go to the next link, button or field" },
];

type Props = { isOpen: boolean; onClose: () => void };

/** Which keys do what on the page at hand, and the switch that takes them away. */
export function KeysDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts" placement="center">
      <Keys onClose={onClose} />
    </Dialog>
  );
}

function Keys({ onClose }: { onClose: () => void }) {
  const areOn = useAreShortcutsOn();
  const all = shortcutsNow();
  const groups: [string, Pick<Shortcut, "keys" | "does">[]][] = [
    ["On this page", all.filter((shortcut) => !shortcut.isGlobal)],
    ["Everywhere", [...all.filter((shortcut) => shortcut.isGlobal), ...ALWAYS]],
  ];
  return (
    <div className="mt-3 space-y-4">
      {groups.filter(([, shortcuts]) => shortcuts.length > 0).map(([title, shortcuts]) => (
        <section key={title}>
          <h3 className="eyebrow mb-1">{title}</h3>
          <dl className="divide-y border-y text-sm">
            {shortcuts.map(({ keys, does }) => (
              <div key={keys} className="flex items-center justify-between gap-4 py-1.5">
                <dt>{does}</dt>
                <dd className="flex shrink-0 items-center gap-1 text-soft">
                  {keys.split(" ").map((key, index) => (
                    <span key={index} className="inline-flex items-center gap-1">{index > 0 && "then"}<kbd className="min-w-7 rounded border border-edge bg-sunken px-1.5 py-0.5 text-center font-mono text-xs text-ink">{key}</kbd></span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <label className="flex min-h-11 items-center gap-3 text-sm">
        <input type="checkbox" checked={areOn} onChange={(event) => switchShortcuts(event.target.checked)} className="size-4 accent-(--accent)" />
        Single keys act on the page
      </label>
      <div className="flex justify-end"><Button onClick={onClose}>Close</Button></div>
    </div>
  );
}

/** The way to the list for a pointer, in the sidebar and, as an icon, in the rail. */
export function KeysButton({ isRail = false, onOpen }: { isRail?: boolean; onOpen: () => void }) {
  return isRail ? (
    <button type="button" aria-haspopup="dialog" aria-label="Keyboard shortcuts" onClick={onOpen} className="grid h-11 w-full place-items-center rounded-md text-soft hover:bg-sunken hover:text-ink"><Keyboard aria-hidden className="size-5" /></button>
  ) : (
    <button type="button" aria-haspopup="dialog" onClick={onOpen} className="mb-3 flex min-h-11 w-full items-center gap-3 rounded-md px-3 text-sm text-soft hover:bg-sunken hover:text-ink"><Keyboard aria-hidden className="size-5 shrink-0" />Keyboard shortcuts</button>
  );
}
