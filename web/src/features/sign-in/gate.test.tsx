import { useQuery } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { listJobs } from "@/lib/api/client";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { SignInGate } from "./gate";

const OPEN = { body: { loginRequired: false, name: null, scopes: [] } };
const NOBODY = { body: { loginRequired: true, name: null, scopes: [] } };
const ANNA = { body: { loginRequired: true, name: "Anna", scopes: ["read", "write"] } };
const REFUSED = { status: 401, body: { code: "unauthorized", detail: "This key is not known here." } };

/** A page that shows how many analyses there are. */
function Page() {
  const jobs = useQuery({ queryKey: ["jobs"], queryFn: () => listJobs(undefined, 5) });
  return <p>{jobs.data ? `${jobs.data.length} analyses` : "loading"}</p>;
}

const page = () => show(<SignInGate><Page /></SignInGate>);

describe("signing in (H1)", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is not heard of where the server asks for no key", async () => {
    serve({ "GET /api/session": OPEN, "GET /api/jobs": { body: { jobs: [] } } });
    page();

    expect(await screen.findByText("0 analyses")).toBeVisible();
    expect(screen.queryByLabelText("Your key")).toBeNull();
    expect(screen.queryByText(/Sign out/)).toBeNull();
  });

  it("asks for the key when the server does, and shows the page again afterwards", async () => {
    let known = false;
    const calls = serve({
      "GET /api/session": () => (known ? ANNA : NOBODY),
      "GET /api/jobs": () => (known ? { body: { jobs: [] } } : REFUSED),
      "POST /api/session": (call) => {
        known = (call.body as { key: string }).key === "dp_right";
        return known ? ANNA : REFUSED;
      },
    });
    page();
    const field = await screen.findByLabelText("Your key");

    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(screen.getByRole("alert")).toHaveTextContent("begins with dp_");
    await userEvent.type(field, "dp_wrong");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("This key is not known here.")).toBeVisible();
    await userEvent.clear(field);
    await userEvent.type(field, " dp_right ");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));

    expect(await screen.findByText("0 analyses")).toBeVisible();
    expect(await screen.findByText(/Signed in as Anna/)).toBeVisible();
    expect(calls.filter((call) => call.method === "POST").map((call) => call.body)).toEqual([{ key: "dp_wrong" }, { key: "dp_right" }]);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("dp_");
  });

  it("swaps a share link's token for a cookie and takes it out of the address", async () => {
    const replace = vi.fn();
    vi.stubGlobal("location", { href: "http://127.0.0.1:5328/results/?id=job_1&share=dpr_x", replace });
    const calls = serve({ "GET /api/session": NOBODY, "GET /api/jobs": REFUSED, "POST /api/session": { body: { loginRequired: true, name: null, scopes: ["read"] } } });
    page();

    await waitFor(() => expect(replace).toHaveBeenCalled());
    expect(String(replace.mock.calls[0]![0])).toBe("http://127.0.0.1:5328/results/?id=job_1");
    // Nothing else was asked: without the session it would have been refused.
    expect(calls.map((call) => [call.method, call.body])).toEqual([["POST", { jobId: "job_1", share: "dpr_x" }]]);
    expect(screen.queryByLabelText("Your key")).toBeNull();
  });

  it("asks for a key when a share link opens nothing any more", async () => {
    window.history.replaceState(null, "", "/results/?id=job_1&share=dpr_x");
    let known = false;
    serve({
      "GET /api/session": () => (known ? ANNA : NOBODY),
      "GET /api/jobs": () => (known ? { body: { jobs: [] } } : REFUSED),
      "POST /api/session": (call) => {
        known = "key" in (call.body as object);
        return known ? ANNA : REFUSED;
      },
    });
    page();

    const field = await screen.findByLabelText("Your key");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("This link does not open anything any more.");
    expect(window.location.search).toBe("?id=job_1");

    await userEvent.type(field, "dp_right");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));

    expect(await screen.findByText("0 analyses")).toBeVisible();
  });

  it("says to a reader whose link ran out what happened, not only that a key is needed", async () => {
    sessionStorage.setItem("shared", "job_1");
    window.history.replaceState(null, "", "/results/?id=job_1");
    serve({ "GET /api/session": NOBODY, "GET /api/jobs": REFUSED });
    page();

    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("This link does not open anything any more.");
  });
});
