import { expect, it, vi } from "vitest";
import { serve } from "@/test/server";
import { ApiProblem, getJob, problemOf, submitSample } from "./client";

it("a problem's code, sentence and advice reach the reader", () => {
  const problem = problemOf(413, JSON.stringify({ code: "upload_too_large", detail: "The file is too large.", advice: "Send an extract." }));

  expect(problem).toMatchObject({ status: 413, code: "upload_too_large", message: "The file is too large. Send an extract." });
});

it("advice for programs does not reach the reader", () => {
  const problem = problemOf(404, JSON.stringify({ code: "unknown_job", detail: "There is no such job.", advice: "GET /api/jobs lists those there are." }));

  expect(problem.message).toBe("There is no such job.");
});

it("an answer that is no problem JSON still makes a sentence", () => {
  expect(problemOf(502, "<html>Bad gateway</html>")).toMatchObject({ code: "http_502", message: "The server answered 502." });
});

it("a server that does not answer is said to be unreachable", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));

  await expect(getJob("job_1")).rejects.toMatchObject({ code: "unreachable", status: 0 });
});

it("ids are escaped in addresses", async () => {
  const calls = serve({});

  await expect(getJob("a b&c")).rejects.toBeInstanceOf(ApiProblem);

  expect(calls[0]?.path).toBe("/api/job-status?jobId=a%20b%26c");
});

it("a sample is asked for by its name", async () => {
  const calls = serve({ "POST /api/upload": { status: 202, body: { jobId: "job_9", status: "submitted" } } });

  await expect(submitSample("sales_demo.csv")).resolves.toEqual({ jobId: "job_9", status: "submitted" });

  expect(calls[0]?.body).toEqual({ sample: "sales_demo.csv" });
});
