// Hold the export to its promises: no inline style, no foreign host in the HTML, and the byte budget of each page.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";

const EXPORT = path.resolve(import.meta.dirname, "../out");
const BUDGET_KB = { "results/index.html": 185 }; // JavaScript of the first load, brotli, before the lazy charts
const BUDGET_KB_DEFAULT = 165;

const complaints = [];
for (const page of readdirSync(EXPORT, { recursive: true }).filter((name) => name.endsWith(".html"))) {
  const html = readFileSync(path.join(EXPORT, page), "utf8");
  const markup = html.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "");
  if (/<[^>]+\sstyle=/.test(markup) || /<style\b/.test(markup)) complaints.push(`${page}: inline style`);
  if (/(?:src|href)="(?:https?:)?\/\//.test(markup)) complaints.push(`${page}: address of another host`);
  const scripts = [...html.matchAll(/<script\b([^>]*)>/g)]
    .filter(([, attributes]) => !/nomodule/i.test(attributes))
    .map(([, attributes]) => /\ssrc="([^"]+)"/.exec(attributes)?.[1])
    .filter(Boolean);
  const kb = [...new Set(scripts)].reduce(
    (sum, src) => sum + brotliCompressSync(readFileSync(path.join(EXPORT, decodeURIComponent(src)))).length / 1024,
    0,
  );
  const budget = BUDGET_KB[page] ?? BUDGET_KB_DEFAULT;
  console.log(`${page.padEnd(28)} ${kb.toFixed(1).padStart(7)} KB JavaScript, brotli (budget ${budget})`);
  if (kb > budget) complaints.push(`${page}: ${kb.toFixed(1)} KB of JavaScript, budget ${budget}`);
}
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length > 0 ? 1 : 0);
