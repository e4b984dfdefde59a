import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { jobWith } from "@/test/fixtures";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { HistoryPage } from "./history-page";

describe("history (H8)", () => {
  it("lists analyses with their state, each leading to its own page", async () => {
    serve({
      "GET /api/jobs": {
        body: {
          jobs: [
            jobWith({ jobId: "job_2", filename: "live.csv", progress: 40, detail: "live.csv" }),
            jobWith({ jobId: "job_1", filename: "done.csv", status: "completed" }),
            jobWith({ jobId: "job_0", filename: "bad.csv", status: "failed", errorMessage: "The file holds no table." }),
          ],
        },
      },
    });

    show(<HistoryPage />);

    expect(await screen.findByRole("link", { name: "live.csv" })).toHaveAttribute("href", "/jobs/?id=job_2");
    expect(screen.getByRole("link", { name: "done.csv" })).toHaveAttribute("href", "/results/?id=job_1");
    expect(screen.getByRole("link", { name: "bad.csv" })).toHaveAttribute("href", "/jobs/?id=job_0");
    expect(screen.getAllByText("live.csv")).toHaveLength(1); // a step that tells of the file repeats its name
    expect(screen.getByText("Running 40%")).toBeInTheDocument();
    expect(screen.getByText("The file holds no table.")).toBeInTheDocument();
  });

  it("an empty list says what to do", async () => {
    serve({ "GET /api/jobs": { body: { jobs: [] } } });

    show(<HistoryPage />);

    expect(await screen.findByText("Nothing has been analysed yet.")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Start the first analysis" })).toHaveAttribute("href", "/");
  });

  it("while it loads it says so", () => {
    serve({ "GET /api/jobs": { body: { jobs: [] } } });

    show(<HistoryPage />);

    expect(screen.getByRole("status", { name: "Loading the history" })).toBeInTheDocument();
  });

  it("a failure can be tried again", async () => {
    let isUp = false;
    serve({ "GET /api/jobs": () => (isUp ? { body: { jobs: [jobWith({ filename: "back.csv" })] } } : { status: 503, body: { code: "queue_unavailable", detail: "The queue does not answer." } }) });
    show(<HistoryPage />);
    expect(await screen.findByRole("alert")).toHaveTextContent("The queue does not answer.");

    isUp = true;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByText("back.csv")).toBeInTheDocument();
  });

  it("a name full of markup is only a name", async () => {
    serve({ "GET /api/jobs": { body: { jobs: [jobWith({ filename: "<img src=x onerror=alert(1)>.csv" })] } } });

    show(<HistoryPage />);

    expect(await screen.findByText("<img src=x onerror=alert(1)>.csv")).toBeInTheDocument();
    expect(document.querySelector("img")).toBeNull();
  });

  it("finds an analysis by its file's name or its state", async () => {
    const jobs = [jobWith({ jobId: "job_1", filename: "sales.csv", status: "completed" }), jobWith({ jobId: "job_2", filename: "costs.csv", status: "failed" })];
    serve({ "GET /api/jobs": { body: { jobs } } });
    show(<HistoryPage />);
    const field = await screen.findByLabelText("Find an analysis by file name or state");

    await userEvent.type(field, "failed");
    expect(screen.queryByText("sales.csv")).not.toBeInTheDocument();
    expect(screen.getByText("costs.csv")).toBeInTheDocument();
    await userEvent.type(field, "x");
    expect(screen.getByText("No analysis matches.")).toBeInTheDocument();
  });

  it("leads from two ticked analyses to their comparison", async () => {
    const jobs = ["job_1", "job_2"].map((jobId) => jobWith({ jobId, filename: `${jobId}.csv`, status: "completed" }));
    serve({ "GET /api/jobs": { body: { jobs } } });
    show(<HistoryPage />);

    await userEvent.click(await screen.findByRole("checkbox", { name: /job_2.csv/ }));
    await userEvent.click(screen.getByRole("checkbox", { name: /job_1.csv/ }));

    expect(screen.getByRole("link", { name: "Compare these two" })).toHaveAttribute("href", "/compare/?a=job_2&b=job_1");
  });

  it("deletes an ended analysis after asking once, and no live one", async () => {
    let jobs = [jobWith({ jobId: "job_2", filename: "live.csv" }), jobWith({ jobId: "job_1", filename: "done.csv", status: "completed" })];
    const calls = serve({
      "GET /api/jobs": () => ({ body: { jobs } }),
      "DELETE /api/jobs/job_1": () => {
        jobs = jobs.slice(0, 1);
        return { body: { jobId: "job_1", status: "deleted" } };
      },
    });
    show(<HistoryPage />);

    await userEvent.click(await screen.findByRole("button", { name: /^Delete done.csv/ }));
    expect(calls.filter((call) => call.method === "DELETE")).toHaveLength(0);
    await userEvent.click(screen.getByRole("button", { name: "Delete it" }));

    await waitFor(() => expect(screen.queryByText("done.csv")).not.toBeInTheDocument());
    expect(screen.getByText("live.csv")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /^Delete live.csv/ })).not.toBeInTheDocument();
  });

  it("says so when there are more than it lists", async () => {
    const jobs = Array.from({ length: 500 }, (_, number) => jobWith({ jobId: `job_${number}`, filename: `${number}.csv`, status: "failed" }));
    const calls = serve({ "GET /api/jobs": { body: { jobs } } });

    show(<HistoryPage />);

    expect(await screen.findByText(/latest 500 analyses/)).toBeInTheDocument();
    expect(calls[0]?.path).toContain("limit=500");
  });

  it("says why an analysis could not be deleted", async () => {
    serve({
      "GET /api/jobs": { body: { jobs: [jobWith({ jobId: "job_1", filename: "done.csv", status: "completed" })] } },
      "DELETE /api/jobs/job_1": { status: 503, body: { code: "storage_unavailable", detail: "The file store does not answer." } },
    });
    show(<HistoryPage />);

    await userEvent.click(await screen.findByRole("button", { name: /^Delete done.csv/ }));
    await userEvent.click(screen.getByRole("button", { name: "Delete it" }));

    expect(await screen.findByRole("alert")).toHaveTextContent("The file store does not answer.");
    expect(screen.getByText("done.csv", { selector: "a" })).toBeInTheDocument();
  });
});
