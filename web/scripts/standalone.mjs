// Bundle the report into one HTML file without a single outside reference: script, style and fonts are in it, and the
// server puts one report and its title where the two markers stand. Runs after `next build`, whose style sheet it takes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";

const WEB = path.resolve(import.meta.dirname, "..");
const EXPORT = path.join(WEB, "out");
// A dot keeps it from being served as a page: it is a mould, not a page.
const TARGET = path.join(EXPORT, ".standalone.template");

const shim = (name) => path.join(WEB, "src/standalone", name);
const bundle = await rolldown({
  // "use client" means nothing where there is no server.
  onLog: (level, log, report) => {
    if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
  },
  input: path.join(WEB, "src/standalone/main.tsx"),
  platform: "browser",
  tsconfig: path.join(WEB, "tsconfig.json"),
  resolve: {
    alias: { "@": path.join(WEB, "src"), "next/dynamic": shim("dynamic.tsx"), "next/navigation": shim("navigation.ts") },
  },
  transform: { jsx: "react-jsx", define: { "process.env.NODE_ENV": '"production"' } },
});
const { output } = await bundle.generate({ format: "iife", minify: true, codeSplitting: false });
await bundle.close();
// A closing tag inside a string would end the script early.
const script = output[0].code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

const page = readFileSync(path.join(EXPORT, "results/index.html"), "utf8");
const sheets = [...new Set([...page.matchAll(/<link[^>]+rel="stylesheet"[^>]*>/g)].map(([tag]) => /href="([^"]+)"/.exec(tag)[1]))];
const inlined = (css, folder) =>
  css.replace(/url\((["']?)([^"')]+\.woff2)\1\)/g, (_, quote, address) => {
    const file = address.startsWith("/") ? path.join(EXPORT, address) : path.join(folder, address);
    return `url(data:font/woff2;base64,${readFileSync(file).toString("base64")})`;
  });
const style = sheets.map((sheet) => inlined(readFileSync(path.join(EXPORT, sheet), "utf8"), path.dirname(path.join(EXPORT, sheet)))).join("\n").replaceAll("</style", "<\\/style");
const classes = /<html[^>]*\sclass="([^"]*)"/.exec(page)?.[1] ?? "";
const theme = readFileSync(path.join(WEB, "public/start.js"), "utf8");

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = `default-src 'none'; script-src ${hash(theme)} ${hash(script)}; style-src ${hash(style)}; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'`;
const html = `<!doctype html>
<html lang="en" class="${classes}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="@@GENERATOR@@">
<title>@@TITLE@@</title>
<style>${style}</style>
<script>${theme}</script>
</head>
<body class="font-sans text-[0.9375rem] leading-relaxed antialiased">
<div id="page"><noscript>This page draws itself with JavaScript, which is switched off. The analysis stands in this file as JSON.</noscript></div>
<script type="application/json" id="report">@@REPORT@@</script>
<script>${script}</script>
</body>
</html>
`;
const left = [...style.matchAll(/@import[^;]*;|url\((?!["']?(?:data:|#))[^)]*\)/g)].map(([found]) => found);
if (left.length > 0 || !style) {
  console.error(`the saved page would ask for: ${left.slice(0, 5).join(", ") || "its style"}`);
  process.exit(1);
}
writeFileSync(TARGET, html);
console.log(`one-file page: ${Math.round(html.length / 1024)} KB`);
