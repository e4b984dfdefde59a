import { afterEach, expect, it, vi } from "vitest";
import { lockManager } from "@/test/locks";
import { takeStreamSlot } from "./stream-slot";

afterEach(() => vi.unstubAllGlobals());

it("half of a browser's connections are left to everything else", async () => {
  vi.stubGlobal("navigator", { locks: lockManager() });

  const slots = await Promise.all([takeStreamSlot(), takeStreamSlot(), takeStreamSlot(), takeStreamSlot()]);

  expect(slots.map((slot) => typeof slot)).toEqual(["function", "function", "function", "object"]);
});

it("a place that is given back is free for the next tab", async () => {
  vi.stubGlobal("navigator", { locks: lockManager() });
  const [first] = await Promise.all([takeStreamSlot(), takeStreamSlot(), takeStreamSlot()]);

  first?.();
  await Promise.resolve();

  expect(await takeStreamSlot()).toBeTypeOf("function");
});

it("a browser without locks counts nothing", () => {
  vi.stubGlobal("navigator", {});

  expect(takeStreamSlot()).toBeUndefined();
});
