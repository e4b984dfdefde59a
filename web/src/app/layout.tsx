import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { Shell } from "@/components/shell/shell";
import { SignInGate } from "@/features/sign-in/gate";
import { Providers } from "./providers";
import "./globals.css";

const sans = localFont({
  src: "../../node_modules/@fontsource-variable/public-sans/files/public-sans-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-public-sans",
  display: "swap",
});

const serif = localFont({
  src: "../../node_modules/@fontsource/newsreader/files/newsreader-latin-500-normal.woff2",
  weight: "500",
  variable: "--font-newsreader",
  display: "swap",
  adjustFontFallback: "Times New Roman",
});

export const metadata: Metadata = {
  title: { default: "DataPilot AI", template: "%s · DataPilot AI" },
  description: "Drop a table, read what is in it: how good the data is, the key figures, the right charts, and findings that can be checked.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fbfb" },
    { media: "(prefers-color-scheme: dark)", color: "#0f1519" },
  ],
};

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    // The theme script writes data-theme before React wakes up.
    <html lang="en" className={`${sans.variable} ${serif.variable}`} suppressHydrationWarning>
      <head>
        {/* A blocking file on purpose: it sets the theme before the first paint and asks for a report at once, and the CSP allows no inline script. */}
        {/* eslint-disable-next-line @next/next/no-sync-scripts */}
        <script src="/start.js" />
      </head>
      <body className="font-sans text-[0.9375rem] leading-relaxed antialiased">
        <Providers>
          <Shell>
            <SignInGate>{children}</SignInGate>
          </Shell>
        </Providers>
      </body>
    </html>
  );
}
