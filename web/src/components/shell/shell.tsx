"use client";
import clsx from "clsx";
import { History, Menu, Plus } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { Suspense, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Tooltip } from "@/components/ui/tooltip";
import { useKeyListener, useShortcuts } from "@/lib/keys";
import { KeysButton, KeysDialog } from "./keys-dialog";
import { Mark } from "./mark";
import { Recent } from "./recent";
import { ThemeButton, ThemeChoice } from "./theme-choice";

const PLACES = [
  { href: "/", label: "New analysis", icon: Plus },
  { href: "/history/", label: "History", icon: History },
];

function Places({ isRail = false, onGo }: { isRail?: boolean; onGo?: () => void }) {
  const path = usePathname();
  return (
    <nav aria-label="Main">
      <ul className="space-y-1">
        {PLACES.map(({ href, label, icon: Icon }) => {
          const isHere = path === href;
          const link = (
            <Link
              href={href}
              onClick={onGo}
              aria-current={isHere ? "page" : undefined}
              aria-label={isRail ? label : undefined}
              className={clsx(
                "flex min-h-11 items-center gap-3 rounded-md text-sm hover:bg-sunken",
                isRail ? "justify-center" : "px-3",
                isHere ? "bg-wash font-semibold text-accent" : "text-ink",
              )}
            >
              <Icon aria-hidden className="size-5 shrink-0" />
              {!isRail && label}
            </Link>
          );
          return <li key={href}>{isRail ? <Tooltip label={label}>{link}</Tooltip> : link}</li>;
        })}
      </ul>
    </nav>
  );
}

/** The frame of every page: a drawer on phones, an icon rail on tablets, a sidebar from 1024 px on. CSS alone decides. */
export function Shell({ children }: { children: React.ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const [areKeysOpen, setKeysOpen] = useState(false);
  const router = useRouter();
  const close = () => setOpen(false);
  const showKeys = () => setKeysOpen(true);
  useKeyListener();
  useShortcuts([
    { keys: "?", does: "Show this list", isGlobal: true, run: showKeys },
    { keys: "/", does: "Search the history", isGlobal: true, run: () => router.push("/history/#find") },
    { keys: "g n", does: "Go to a new analysis", isGlobal: true, run: () => router.push("/") },
    { keys: "g h", does: "Go to the history", isGlobal: true, run: () => router.push("/history/") },
  ]);
  return (
    <div className="min-h-dvh print:block! md:grid md:grid-cols-[4rem_minmax(0,1fr)] lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a href="#main" className="sr-only z-50 rounded-md bg-accent px-4 py-3 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        Skip to content
      </a>

      <aside aria-label="Menu" className="no-print sticky top-0 z-20 hidden h-dvh flex-col border-r bg-paper p-2 md:flex lg:hidden">
        <Link href="/" aria-label="DataPilot AI, start page" className="mb-4 grid h-11 place-items-center rounded-md">
          <Mark />
        </Link>
        <Places isRail />
        <div className="mt-auto"><Tooltip label="Keyboard shortcuts"><KeysButton isRail onOpen={showKeys} /></Tooltip><ThemeButton /></div>
      </aside>

      <aside aria-label="Menu" className="no-print sticky top-0 hidden h-dvh flex-col border-r bg-paper p-4 lg:flex">
        <Link href="/" className="mb-6 flex min-h-11 items-center gap-2.5 rounded-md px-1 font-semibold">
          <Mark />DataPilot AI
        </Link>
        <Places />
        <Suspense><Recent /></Suspense>
        <div className="mt-auto pt-4"><KeysButton onOpen={showKeys} /><ThemeChoice name="theme-sidebar" /></div>
      </aside>

      <div className="min-w-0">
        <header className="no-print sticky top-0 z-20 flex h-14 items-center gap-1 border-b bg-paper px-2 md:hidden">
          <button type="button" aria-label="Open menu" aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setOpen(true)} className="grid size-11 place-items-center rounded-md">
            <Menu aria-hidden className="size-5" />
          </button>
          <Link href="/" className="flex min-h-11 items-center gap-2 rounded-md px-1 font-semibold"><Mark />DataPilot AI</Link>
        </header>
        <Dialog isOpen={isOpen} onClose={close} title="DataPilot AI" placement="left">
          <div className="mt-4"><Places onGo={close} /></div>
          <div className="mt-auto pt-6"><ThemeChoice name="theme-drawer" /></div>
        </Dialog>
        <KeysDialog isOpen={areKeysOpen} onClose={() => setKeysOpen(false)} />
        <main id="main" tabIndex={-1} className="mx-auto max-w-[78rem] px-4 py-6 outline-none sm:px-6 lg:px-10 lg:py-8">
          {children}
        </main>
      </div>
    </div>
  );
}
