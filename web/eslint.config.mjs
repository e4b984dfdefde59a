import { defineConfig, globalIgnores } from "eslint/config";
import nextVitals from "eslint-config-next/core-web-vitals";
import nextTs from "eslint-config-next/typescript";

/** Floors: app -> features -> components | lib. Features do not know each other; components and lib know no feature. */
const features = ["upload", "progress", "report", "history", "compare"];

const forbid = (files, groups) => ({
  files,
  ignores: ["**/*.test.ts", "**/*.test.tsx"],
  rules: { "no-restricted-imports": ["error", { patterns: groups.map(([group, message]) => ({ group, message })) }] },
});

export default defineConfig([
  ...nextVitals,
  ...nextTs,
  globalIgnores([".next/**", "out/**", "next-env.d.ts", "src/lib/api/schema.d.ts"]),
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "react/no-danger": "error",
      eqeqeq: ["error", "smart"],
    },
  },
  forbid(["src/lib/**"], [[["@/app/*", "@/features/*", "@/components/*", "react-dom*"], "lib is the lowest floor"]]),
  forbid(["src/components/**"], [[["@/app/*", "@/features/*"], "components know no feature"]]),
  ...features.map((feature) =>
    forbid(
      [`src/features/${feature}/**`],
      [
        [["@/app/*"], "features know no page"],
        [features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`), "features do not know each other"],
        [["../*"], "leave a feature by @/, so that the floors can be checked"],
      ],
    ),
  ),
  {
    files: ["src/**"],
    ignores: ["src/components/charts/**"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths: [{ name: "recharts", message: "only components/charts draws" }] }] },
  },
]);
