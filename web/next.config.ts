import path from "node:path";
import type { NextConfig } from "next";

const isDev = process.env.NODE_ENV === "development";
const api = process.env.DATAPILOT_API ?? "http://127.0.0.1:5328";

/** The page is a static export that the Python server hands out; only `next dev` talks to the API by rewrites. */
const mode: NextConfig = isDev
  ? {
      // Gzip in the dev proxy would hold back server-sent events until the stream ends.
      compress: false,
      skipTrailingSlashRedirect: true,
      rewrites: async () => [{ source: "/api/:path*", destination: `${api}/api/:path*` }],
    }
  : { output: "export" };

const config: NextConfig = {
  ...mode,
  trailingSlash: true,
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // The wheel's build trusts the type check of `npm run check` and saves its seconds.
  typescript: { ignoreBuildErrors: process.env.DATAPILOT_WHEEL === "1" },
  turbopack: { root: path.resolve(__dirname) },
};

export default config;
