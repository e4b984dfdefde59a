import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": path.resolve(import.meta.dirname, "src") } },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    env: { __NEXT_TRAILING_SLASH: "true" }, // links are written as the export writes them
    testTimeout: 20_000, // jsdom is slow, and slower on a busy machine
    unstubGlobals: false,
  },
});
