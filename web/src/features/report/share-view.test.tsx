import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { salesReport } from "@/test/fixtures";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { ShareButton } from "./share-button";

const ANNA = { body: { loginRequired: true, name: "Anna", scopes: ["read", "write"] } };
const OPEN = { body: { loginRequired: false, name: null, scopes: [] } };
const CONFIG = { body: { version: "0", maxUploadSizeBytes: 1024, fileUrlEnabled: true, clientMaxWaitSeconds: 600, keptHours: 24 } };

/** A server with login that counts the links it gave. */
function asking() {
  let links = 0;
  const state = () => ({ body: { jobId: "job_1", links, expiresInSeconds: links ? 604_800 : null } });
  return serve({
    "GET /api/session": ANNA,
    "GET /api/config": CONFIG,
    "GET /api/jobs/job_1/share": state,
    "POST /api/jobs/job_1/share": () => ({ status: 201, body: { jobId: "job_1", url: "/results/?id=job_1&share=dpr_x", token: `dpr_${++links}`, expiresInSeconds: 604_800 } }),
    "DELETE /api/jobs/job_1/share": () => {
      links = 0;
      return { body: { jobId: "job_1", url: "/results/?id=job_1", token: null, expiresInSeconds: null } };
    },
  });
}

const open = async (report = salesReport) => {
  show(<ShareButton jobId="job_1" report={report} />);
  await userEvent.click(screen.getByRole("button", { name: "Share" }));
};

describe("sharing by link (H8)", () => {
  beforeEach(() => window.history.replaceState(null, "", "/results/?id=job_1&part=%5B%22region%22%2C%22West%22%5D"));

  it("says who can open it and for how long, makes a link with the view, and copies it", async () => {
    const write = vi.spyOn(navigator.clipboard ?? Object.assign(navigator, { clipboard: { writeText: async () => undefined } }).clipboard, "writeText").mockResolvedValue(undefined);
    asking();
    await open();

    expect(await screen.findByText(/Whoever has the link reads this page without a key/)).toHaveTextContent("It works for a week");
    expect(await screen.findByText(/deletes an analysis 24 hours after/)).toBeVisible();
    expect(screen.getByText("No link is open.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Make a link" }));

    const field = await screen.findByLabelText<HTMLInputElement>("The link");
    const link = new URL(field.value);
    expect(field).toHaveFocus();
    expect(link.pathname).toBe("/results/");
    expect(Object.fromEntries(link.searchParams)).toEqual({ id: "job_1", share: "dpr_x", part: '["region","West"]' });
    expect(await screen.findByText(/1 link is open, until/)).toBeVisible();

    write.mockClear();
    Object.defineProperty(navigator, "clipboard", { value: { writeText: write }, configurable: true });
    await userEvent.click(screen.getByRole("button", { name: "Copy link" }));
    expect(await screen.findByText("Copied.")).toBeVisible();
    expect(write).toHaveBeenCalledWith(link.href);
  });

  it("leaves the link selected where the browser does not copy", async () => {
    asking();
    await open();
    await userEvent.click(await screen.findByRole("button", { name: "Make a link" }));
    await screen.findByLabelText("The link");
    Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });

    await userEvent.click(screen.getByRole("button", { name: "Copy link" }));

    expect(await screen.findByText(/copy it with the keyboard/)).toBeVisible();
    expect(screen.getByLabelText("The link")).toHaveFocus();
  });

  it("takes all links back", async () => {
    const calls = asking();
    await open();
    await userEvent.click(await screen.findByRole("button", { name: "Make a link" }));

    await userEvent.click(await screen.findByRole("button", { name: "Close the link" }));

    expect(await screen.findByText(/All links are closed/)).toBeVisible();
    expect(screen.queryByLabelText("The link")).toBeNull();
    expect(screen.getByRole("button", { name: "Make a link" })).toHaveFocus();
    expect(calls.some((call) => call.method === "DELETE")).toBe(true);
  });

  it("warns of personal data, which who has the link sees", async () => {
    asking();
    await open({ ...salesReport, schema: salesReport.schema.map((column, index) => (index === 0 ? { ...column, pii: "email" as const } : column)) });

    expect(await screen.findByText("There is personal data in it.")).toBeVisible();
    expect(screen.getByText(new RegExp(`unmasked: ${salesReport.schema[0]!.name}`))).toBeVisible();
  });

  it("promises nothing on a server that asks for no key", async () => {
    const calls = serve({ "GET /api/session": OPEN, "GET /api/config": { body: { ...CONFIG.body, keptHours: null } }, "GET /api/jobs/job_1/share": { body: { jobId: "job_1", links: 0, expiresInSeconds: null } } });
    await open();

    expect(await screen.findByText(/answers this computer alone/)).toBeVisible();
    expect(screen.getByRole("link", { name: "page as a file" })).toHaveAttribute("href", "/api/jobs/job_1/page");
    expect(screen.getByLabelText<HTMLInputElement>("The link").value).not.toContain("share=");
    expect(screen.queryByRole("button", { name: /Close/ })).toBeNull();
    expect(screen.queryByText(/deletes an analysis/)).toBeNull();
    expect(calls.some((call) => call.method === "POST")).toBe(false);
  });

  it("says what went wrong", async () => {
    serve({ "GET /api/session": ANNA, "GET /api/config": CONFIG, "GET /api/jobs/job_1/share": { body: { jobId: "job_1", links: 0, expiresInSeconds: null } }, "POST /api/jobs/job_1/share": { status: 503, body: { code: "queue_unavailable", detail: "The queue does not answer." } } });
    await open();
    await userEvent.click(await screen.findByRole("button", { name: "Make a link" }));

    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("The queue does not answer."));
  });
});
