"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { Tooltip } from "@/components/ui/tooltip";
import { setTheme, useTheme, type Theme } from "@/lib/theme";

const CHOICES: { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
  { theme: "system", label: "System", icon: Monitor },
];

/** Three real radio buttons; `name` keeps the groups of sidebar and drawer apart. */
export function ThemeChoice({ name }: { name: string }) {
  const theme = useTheme();
  return (
    <fieldset>
      <legend className="eyebrow mb-1 px-1">Appearance</legend>
      <div className="grid grid-cols-3 rounded-md border">
        {CHOICES.map((choice) => (
          <label key={choice.theme} className="relative grid min-h-11 cursor-pointer place-items-center rounded-md text-soft hover:text-ink has-checked:bg-wash has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent">
            <input type="radio" name={name} value={choice.theme} checked={theme === choice.theme} onChange={() => setTheme(choice.theme)} className="absolute inset-0 size-full cursor-pointer appearance-none opacity-0" aria-label={choice.label} />
            <choice.icon aria-hidden className="size-4" />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The same choice where there is room for one icon: each press goes on to the next. */
export function ThemeButton() {
  const theme = useTheme();
  const at = CHOICES.findIndex((choice) => choice.theme === theme);
  const here = CHOICES[at] ?? CHOICES[2]!;
  const next = CHOICES[(at + 1) % CHOICES.length]!;
  const label = `Appearance: ${here.label}. Switch to ${next.label}`;
  return (
    <Tooltip label={label}>
      <button type="button" aria-label={label} onClick={() => setTheme(next.theme)} className="grid h-11 w-full place-items-center rounded-md text-soft hover:bg-sunken hover:text-ink">
        <here.icon aria-hidden className="size-5" />
      </button>
    </Tooltip>
  );
}
