import { expect, it } from "vitest";
import { salesReport } from "@/test/fixtures";
import { testedLine } from "./tested-line";

it.each([
  [0.6, "186 relations tested, 0.6 expected by chance."],
  [0.04, "186 relations tested, fewer than 0.1 expected by chance."],
  [0, "186 relations tested, fewer than 0.1 expected by chance."],
])("never promises that nothing comes by chance: %d", (expectedByChance, line) => {
  expect(testedLine({ ...salesReport.insights.metadata, testsRun: 186, expectedByChance, claimsVerified: 0 })).toBe(line);
});
