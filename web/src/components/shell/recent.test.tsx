import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { jobWith } from "@/test/fixtures";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { Recent } from "./recent";

const OPEN = { body: { loginRequired: false, name: null, scopes: [] } };
const VISITOR = { body: { loginRequired: true, name: null, scopes: ["read"] } };

it("the latest analyses are one press away, each at the page it has", async () => {
  serve({ "GET /api/session": OPEN, "GET /api/jobs": { body: { jobs: [jobWith({ jobId: "job_2", status: "processing" }), jobWith({ jobId: "job_1", status: "completed" })] } } });

  show(<Recent />);

  const [running, ready] = await screen.findAllByRole("link");
  expect(running).toHaveAttribute("href", "/jobs/?id=job_2");
  expect(ready).toHaveAttribute("href", "/results/?id=job_1");
});

it("a visitor by share link is not asked for a key by the list", async () => {
  const calls = serve({ "GET /api/session": VISITOR, "GET /api/jobs": { status: 401, body: { code: "unauthorized", detail: "No key." } } });

  show(<Recent />);

  await waitFor(() => expect(calls.some((call) => call.path.startsWith("/api/session"))).toBe(true));
  expect(calls.filter((call) => call.path.startsWith("/api/jobs"))).toEqual([]);
  expect(screen.queryByRole("link")).not.toBeInTheDocument();
});
