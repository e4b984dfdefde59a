import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { amend, leave, step, useAddress } from "./address";

const address = () => renderHook(() => useAddress().toString()).result;

describe("what is open stands in the address (H8)", () => {
  it("is written beside what stood there, and read by every part of the page", () => {
    window.history.replaceState(null, "", "/results/?id=job_1#rows");
    const [one, other] = [address(), address()];

    act(() => step({ part: ['["region","West"]', '["day","2026-01","month"]'] }));

    expect(new URLSearchParams(one.current).getAll("part")).toEqual(['["region","West"]', '["day","2026-01","month"]']);
    expect(other.current).toBe(one.current);
    expect(window.location.search).toContain("id=job_1");
    expect(window.location.hash).toBe("#rows");
  });

  it("goes with what is closed", () => {
    window.history.replaceState(null, "", "/results/?id=job_1&insight=i3"); // a sent link: nothing to go back to
    const now = address();

    act(() => leave({ insight: null }));

    expect(now.current).toBe("id=job_1");
  });

  it("makes a step that going back takes back, also by closing what it opened", async () => {
    window.history.replaceState(null, "", "/results/?id=job_1");
    const now = address();
    act(() => step({ insight: "i1" }));
    act(() => amend({ insight: "i2" }));
    expect(now.current).toBe("id=job_1&insight=i2");

    await act(async () => {
      const back = new Promise((done) => window.addEventListener("popstate", done, { once: true }));
      leave({ insight: null });
      await back;
    });

    expect(now.current).toBe("id=job_1");
    expect(window.location.search).toBe("?id=job_1");
  });
});
