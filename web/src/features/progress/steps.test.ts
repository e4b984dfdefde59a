import { describe, expect, it } from "vitest";
import { jobWith } from "@/test/fixtures";
import { follow, stateOf, type Trace } from "./steps";

describe("the trace of a job", () => {
  it("notes when a step began, what it counted and when the next one ended it", () => {
    const first = follow({}, jobWith({ step: "reading", detail: "9,357 rows", updatedAt: "2026-11-22T10:00:01Z" }));
    const second = follow(first, jobWith({ step: "profiling", updatedAt: "2026-11-22T10:00:03Z" }));

    expect(second.reading).toEqual({ startedAt: Date.parse("2026-11-22T10:00:01Z"), endedAt: Date.parse("2026-11-22T10:00:03Z"), detail: "9,357 rows" });
    expect(second.profiling).toMatchObject({ endedAt: null });
  });

  it("keeps a step's beginning when news of the same step come in", () => {
    const first = follow({}, jobWith({ step: "reading", updatedAt: "2026-11-22T10:00:01Z" }));
    const second = follow(first, jobWith({ step: "reading", updatedAt: "2026-11-22T10:00:02Z", detail: "1,000 rows" }));

    expect(second.reading).toMatchObject({ startedAt: Date.parse("2026-11-22T10:00:01Z"), detail: "1,000 rows" });
  });

  it("forgets the steps ahead when another attempt starts over", () => {
    const before: Trace = { profiling: { startedAt: 1, endedAt: null, detail: "" } };

    expect(follow(before, jobWith({ step: "reading" })).profiling).toBeUndefined();
  });

  it("does not claim to know how long the last step of a job took that had ended before anybody looked", () => {
    const late = follow({}, jobWith({ status: "cancelled", step: "charts" }));

    expect(late.charts).toMatchObject({ startedAt: null });
    expect(follow(late, jobWith({ status: "cancelled", step: "charts" })).charts).toMatchObject({ startedAt: null });
  });

  it("waiting began when the job was made", () => {
    expect(follow({}, jobWith({ step: "queued" })).queued?.startedAt).toBe(Date.parse("2026-11-22T10:00:00.000Z"));
  });
});

it.each([
  ["processing", "reading", "done"],
  ["processing", "charts", "running"],
  ["processing", "saving", "waiting"],
  ["failed", "charts", "stopped"],
  ["cancelled", "saving", "waiting"],
  ["completed", "saving", "done"],
] as const)("in a %s job that is at its charts, %s is %s", (status, step, state) => {
  expect(stateOf(step, jobWith({ status, step: "charts" }))).toBe(state);
});
