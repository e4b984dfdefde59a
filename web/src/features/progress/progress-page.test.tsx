import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeEventSource } from "@/test/event-source";
import { jobWith, salesReport } from "@/test/fixtures";
import { lockManager } from "@/test/locks";
import { router, where } from "@/test/navigation";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { takeStreamSlot } from "@/lib/stream-slot";
import { ProgressPage } from "./progress-page";

const tell = (changes: Parameters<typeof jobWith>[0]) => act(() => FakeEventSource.last.say("snapshot", jobWith(changes)));

/** What happens when the reader turns to another tab, and back. */
const turnTab = (to: "hidden" | "visible") => {
  Object.defineProperty(document, "hidden", { configurable: true, value: to === "hidden" });
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
};

/** What the page asked the server to do, beside what it asked to know. */
const posts = (calls: ReturnType<typeof serve>) => calls.filter((call) => call.method === "POST");

describe("progress (H4)", () => {
  beforeEach(() => {
    where.query = "id=job_1";
  });

  it("names each step, with what it counted", () => {
    serve({});
    show(<ProgressPage />);

    tell({ step: "reading", detail: "9,357 rows" });

    expect(FakeEventSource.last.url).toBe("/api/jobs/job_1/events");
    expect(screen.getByRole("listitem", { current: "step" })).toHaveTextContent("Reading the file: running9,357 rows");
    expect(screen.getByText("Saving")).toBeInTheDocument();
  });

  it("tells the share done in the bar and in the tab's title", () => {
    serve({});
    show(<ProgressPage />);

    tell({ progress: 62 });

    expect(screen.getByRole("progressbar", { name: "Progress of the analysis" })).toHaveAttribute("value", "62");
    expect(document.title).toBe("62% · sales.csv · DataPilot AI");
  });

  it("tells screen readers the step, not each percent", () => {
    serve({});
    show(<ProgressPage />);

    tell({ step: "charts", progress: 70 });

    expect(screen.getByText("Choosing charts", { selector: "[role=status]" })).toBeInTheDocument();
  });

  it("ignores news that are older than what it shows", () => {
    serve({});
    show(<ProgressPage />);

    tell({ revision: 5, progress: 80 });
    tell({ revision: 4, progress: 30 });

    expect(screen.getByRole("progressbar")).toHaveAttribute("value", "80");
  });

  it("goes on by itself when the job is ready, and offers the link meanwhile", async () => {
    serve({ "GET /api/result": { body: salesReport } });
    show(<ProgressPage />);

    tell({ status: "completed", step: "done", progress: 100 });

    expect(screen.getByRole("link", { name: "See result" })).toHaveAttribute("href", "/results/?id=job_1");
    await waitFor(() => expect(router.replace).toHaveBeenCalledWith("/results/?id=job_1"));
    expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
  });

  it("a tab that nobody sees gives its connection back, and listens again when it is looked at", async () => {
    const calls = serve({ "GET /api/job-status": { body: jobWith({ revision: 3, progress: 40 }) } });
    show(<ProgressPage />);
    tell({ revision: 2, progress: 20 });
    const first = FakeEventSource.last;

    turnTab("hidden");

    expect(first.readyState).toBe(FakeEventSource.CLOSED);
    await waitFor(() => expect(screen.getByRole("progressbar")).toHaveAttribute("value", "40"));
    turnTab("visible");

    expect(FakeEventSource.last).not.toBe(first);
    tell({ revision: 4, progress: 60 });
    expect(screen.getByRole("progressbar")).toHaveAttribute("value", "60");
    expect(calls.filter((call) => call.path.startsWith("/api/job-status"))).toHaveLength(1);
  });

  it("polls where other tabs hold the browser's places for streams, and takes a free one", async () => {
    Object.defineProperty(navigator, "locks", { configurable: true, value: lockManager() });
    const calls = serve({ "GET /api/job-status": { body: jobWith({ revision: 3, progress: 40 }) } });
    const others = await Promise.all([takeStreamSlot(), takeStreamSlot(), takeStreamSlot()]);
    const streams = FakeEventSource.opened.length;
    show(<ProgressPage />);

    await waitFor(() => expect(screen.getByRole("progressbar")).toHaveAttribute("value", "40"));
    expect(FakeEventSource.opened.length).toBe(streams);
    await act(async () => others[0]?.());
    turnTab("visible");

    await waitFor(() => expect(FakeEventSource.opened.length).toBe(streams + 1));
    expect(calls.filter((call) => call.path.startsWith("/api/job-status"))).toHaveLength(1);
    Reflect.deleteProperty(navigator, "locks");
  });

  it("asks before it cancels", async () => {
    const calls = serve({ "POST /api/cancel": { body: { jobId: "job_1", status: "cancelled" } } });
    show(<ProgressPage />);
    tell({});

    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(posts(calls)).toHaveLength(0);
    await userEvent.click(within(screen.getByRole("dialog", { name: "Stop this analysis?" })).getByRole("button", { name: "Stop it" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(posts(calls)[0]).toMatchObject({ method: "POST", path: "/api/cancel?jobId=job_1" });
  });

  it("keeps going when the reader thinks better of it", async () => {
    const calls = serve({});
    show(<ProgressPage />);
    tell({});

    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await userEvent.click(screen.getByRole("button", { name: "Keep going" }));

    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    expect(posts(calls)).toHaveLength(0);
  });

  it("a cancelled job says that nothing was published", () => {
    serve({});
    show(<ProgressPage />);

    tell({ status: "cancelled", step: "facts" });

    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Cancelled");
    expect(screen.getByText(/Nothing was published/)).toBeInTheDocument();
    expect(screen.getByText("Testing for patterns").closest("li")).toHaveTextContent("stopped here");
  });

  it("a job that had ended before anybody looked is not said to have been quick at its last step", () => {
    serve({});
    show(<ProgressPage />);

    tell({ status: "failed", step: "reading", error: "corrupt_file", errorMessage: "The workbook is damaged." });

    expect(screen.getByText("Reading the file").closest("li")).toHaveTextContent(/^Reading the file: stopped here$/);
  });

  it("a job that waits says so in the tab's title, not that nothing of it is done", () => {
    serve({});
    show(<ProgressPage />);

    tell({ status: "submitted", step: "queued", progress: 0 });

    expect(document.title).toBe("Waiting to start · sales.csv · DataPilot AI");
  });

  it("what to do about a failure is said once, by the message that names its place", () => {
    serve({});
    show(<ProgressPage />);

    tell({ status: "failed", error: "encrypted_file", errorMessage: "The workbook is protected by a password. Remove the password and upload it again." });

    expect(screen.getByRole("alert").textContent?.match(/remove the password/gi)).toHaveLength(1);
  });

  it("a job that failed by our fault can be run again, under the same id", async () => {
    const calls = serve({ "POST /api/reread": { status: 202, body: { jobId: "job_1", status: "submitted" } } });
    show(<ProgressPage />);
    tell({ status: "failed", error: "worker_shutdown", errorMessage: "The worker was stopped." });
    const first = FakeEventSource.last;

    await userEvent.click(screen.getByRole("button", { name: "Run it again" }));

    await waitFor(() => expect(FakeEventSource.last).not.toBe(first));
    expect(posts(calls)[0]?.body).toEqual({ jobId: "job_1", options: {} });
  });

  it("a job that failed by its file says what is wrong with it, its code, and asks for another", () => {
    serve({});
    show(<ProgressPage />);

    tell({ status: "failed", error: "not_a_table", errorMessage: "The file holds no table." });

    expect(screen.getByRole("alert")).toHaveTextContent("The file holds no table.");
    expect(screen.getByText("not_a_table")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Upload another file" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Run it again" })).not.toBeInTheDocument();
  });

  it("an unknown job says so", async () => {
    serve({});
    show(<ProgressPage />);

    act(() => FakeEventSource.last.refuse());

    expect(await screen.findByRole("heading", { name: "There is no such analysis." })).toBeInTheDocument();
    expect(screen.getByText(/keeps analyses for a limited time/)).toBeInTheDocument();
    expect(document.title).toBe("No such analysis · DataPilot AI");
  });

  it("without a stream it polls, waiting 1, 2, 4 and 8 seconds", async () => {
    vi.useFakeTimers();
    let looks = 0;
    serve({ "GET /api/job-status": () => ({ body: jobWith({ revision: ++looks, progress: looks }) }) });
    show(<ProgressPage />);

    act(() => FakeEventSource.last.refuse());
    const asked: number[] = [];
    for (let second = 0; second <= 15; second += 1) {
      await act(() => vi.advanceTimersByTimeAsync(second === 0 ? 0 : 1000));
      if (looks > asked.length) asked.push(second);
    }

    expect(asked).toEqual([0, 1, 3, 7, 15]);
  });

  it("gives up polling after the time that the server names, and looks again when asked", async () => {
    vi.useFakeTimers();
    let looks = 0;
    serve({
      "GET /api/session": { body: { loginRequired: false, name: null, scopes: [] } },
      "GET /api/config": { body: { version: "0", maxUploadSizeBytes: 1, fileUrlEnabled: true, clientMaxWaitSeconds: 5 } },
      "GET /api/job-status": () => ({ body: jobWith({ revision: ++looks }) }),
    });
    show(<ProgressPage />);

    act(() => FakeEventSource.last.refuse());
    await act(() => vi.advanceTimersByTimeAsync(8000));
    expect(screen.getByText("This takes unusually long.")).toBeInTheDocument();
    const before = looks;
    await act(() => vi.advanceTimersByTimeAsync(30_000));
    expect(looks).toBe(before);

    act(() => screen.getByRole("button", { name: "Look again" }).click());
    act(() => FakeEventSource.last.refuse());
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(looks).toBe(before + 1);
  });

  it("shows a lost connection without giving the job up", async () => {
    serve({ "GET /api/job-status": { status: 503, body: { code: "queue_unavailable", detail: "The queue does not answer." } } });
    show(<ProgressPage />);
    tell({});

    act(() => FakeEventSource.last.refuse());

    expect(await screen.findByText("The connection is broken.")).toBeInTheDocument();
    expect(screen.getByRole("progressbar")).toBeInTheDocument();
  });

  it("remembers the walked steps over a reload", () => {
    serve({});
    const { unmount } = show(<ProgressPage />);
    tell({ step: "reading", detail: "9,357 rows" });
    tell({ step: "charts", revision: 2 });
    unmount();

    show(<ProgressPage />);
    tell({ step: "charts", revision: 2 });

    expect(screen.getByText("9,357 rows")).toBeInTheDocument();
  });

  it("without an id it leads to where analyses are", () => {
    where.query = "";
    serve({});

    show(<ProgressPage />);

    expect(screen.getByRole("link", { name: "Start a new analysis" })).toBeInTheDocument();
  });
});
