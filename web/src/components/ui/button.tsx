import clsx from "clsx";
import type { ButtonHTMLAttributes } from "react";

export type ButtonTone = "primary" | "quiet" | "plain" | "danger";

const TONES: Record<ButtonTone, string> = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  quiet: "border border-edge bg-surface text-ink hover:bg-sunken",
  plain: "text-ink hover:bg-sunken",
  danger: "bg-bad text-paper hover:opacity-90",
};

/** The look of everything that can be pressed, links included; never lower than a finger is wide. */
export const buttonClass = (tone: ButtonTone = "quiet", extra?: string) =>
  clsx(
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-4 text-sm font-medium transition-[background-color,opacity] disabled:opacity-50",
    TONES[tone],
    extra,
  );

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { tone?: ButtonTone };

export function Button({ tone = "quiet", className, type = "button", ...rest }: Props) {
  return <button type={type} className={buttonClass(tone, className)} {...rest} />;
}
