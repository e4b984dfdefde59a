import type { Metadata } from "next";
import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <>
      <PageHead title="There is no page at this address.">
        <p>The link may be old, or a letter of it may be missing.</p>
      </PageHead>
      <div className="flex flex-wrap gap-3">
        <Link href="/" className={buttonClass("primary")}>Start a new analysis</Link>
        <Link href="/history/" className={buttonClass()}>Open the history</Link>
      </div>
    </>
  );
}
