import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { HEADLINE_LOOKS } from "@/features/report/headline-look";
import { salesReport } from "@/test/fixtures";
import { getReport } from "./api/client";
import { earlyHeadline } from "./early";
import { RIGHT_TO_LEFT, TOGETHER, typeset } from "./words";

const SCRIPT = readFileSync("public/start.js", "utf8");

/** Run the script as the page's head does. */
function arrive(address: string, answer: (...request: unknown[]) => Promise<Response>) {
  window.history.replaceState(null, "", address);
  const asked = vi.fn(answer);
  vi.stubGlobal("fetch", asked);
  new Function(SCRIPT)();
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  delete window.early;
  document.body.replaceChildren();
  window.history.replaceState(null, "", "/");
});

it("the report is asked for once, before the page's code, and its finding stands at once", async () => {
  document.body.innerHTML = `<h1 class="sr-only">Loading</h1>`;
  const heading = document.querySelector("h1")!;
  heading.dataset.early = JSON.stringify({ looks: HEADLINE_LOOKS, together: TOGETHER.source, turned: RIGHT_TO_LEFT.source });

  const asked = arrive("/results/?id=job_1", () => Promise.resolve(Response.json(salesReport)));
  const report = await getReport("job_1");

  expect(report.jobId).toBe(salesReport.jobId);
  expect(asked).toHaveBeenCalledExactlyOnceWith("/api/result?jobId=job_1");
  await vi.waitFor(() => expect(heading).toHaveTextContent(salesReport.insights.businessSummary[0]!));
  expect(heading.className).toContain("font-serif");
});

it("a finding that is known before the page is read waits for its place", async () => {
  const reading = vi.spyOn(document, "readyState", "get").mockReturnValue("loading");
  arrive("/results/?id=job_1", () => Promise.resolve(Response.json(salesReport)));
  await vi.waitFor(() => expect(earlyHeadline("/api/result?jobId=job_1")).toBe(salesReport.insights.businessSummary[0]));
  document.body.innerHTML = `<h1 class="sr-only">Loading</h1>`;
  const heading = document.querySelector("h1")!;
  heading.dataset.early = JSON.stringify({ looks: HEADLINE_LOOKS, together: TOGETHER.source, turned: RIGHT_TO_LEFT.source });

  document.dispatchEvent(new Event("DOMContentLoaded"));

  expect(heading).toHaveTextContent(salesReport.insights.businessSummary[0]!);
  reading.mockRestore();
});

it("the finding that stands early is set as the page will set it", async () => {
  document.body.innerHTML = `<h1 class="sr-only">Loading</h1>`;
  const heading = document.querySelector("h1")!;
  heading.dataset.early = JSON.stringify({ looks: HEADLINE_LOOKS, together: TOGETHER.source, turned: RIGHT_TO_LEFT.source });
  const said = "B-03 of \u05e2\u05d9\u05e8 leads since 3 Jan 2025.";

  arrive("/results/?id=job_1", () => Promise.resolve(Response.json({ insights: { businessSummary: [said], analystInsights: [] } })));

  await vi.waitFor(() => expect(heading.textContent).toBe(typeset(said)));
});

it("another report is not answered with the first", async () => {
  const asked = arrive("/results/?id=job_1", () => Promise.resolve(Response.json(salesReport)));

  await getReport("job_2");

  expect(asked.mock.calls.map((call) => call[0])).toEqual(["/api/result?jobId=job_1", "/api/result?jobId=job_2"]);
});

it("a refusal is told as if it had been asked for by the page", async () => {
  arrive("/results/?id=job_1", () => Promise.resolve(Response.json({ code: "unknown_job", detail: "There is no such job." }, { status: 404 })));

  await expect(getReport("job_1")).rejects.toMatchObject({ status: 404, code: "unknown_job" });
});

it.each(["/jobs/?id=job_1", "/results/", "/results/?id=job_1&share=dpr_x"])("nothing is asked early at %s", (address) => {
  expect(arrive(address, () => Promise.resolve(new Response()))).not.toHaveBeenCalled();
});
