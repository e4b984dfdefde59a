import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The others are of words and numbers: jsdom takes longer to start than they take to run.
const NEEDS_A_PAGE = ["src/**/*.test.tsx", "src/lib/early.test.ts", "src/lib/api/client.test.ts"];

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": path.resolve(import.meta.dirname, "src") } },
  test: {
    restoreMocks: true,
    env: { __NEXT_TRAILING_SLASH: "true" }, // links are written as the export writes them
    testTimeout: 300_000, // jsdom is slow, and slower on a busy machine
    unstubGlobals: false,
    maxWorkers: "100%", // unasked, one core stays idle
    projects: [
      { extends: true, test: { name: "page", environment: "jsdom", setupFiles: ["src/test/setup.ts"], include: NEEDS_A_PAGE } },
      { extends: true, test: { name: "words", environment: "node", include: ["src/**/*.test.ts"], exclude: NEEDS_A_PAGE } },
    ],
  },
});
