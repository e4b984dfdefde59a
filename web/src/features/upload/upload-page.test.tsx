import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { router } from "@/test/navigation";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { UploadPage } from "./upload-page";

const CONFIG = { version: "0", maxUploadSizeBytes: 1024, fileUrlEnabled: true, clientMaxWaitSeconds: 600 };
const SAMPLES = { samples: [{ name: "sales_demo.csv", title: "Sales demo", description: "18 months of orders.", bytes: 97_800 }] };

/** An upload whose progress and end the test decides. */
class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  sent: FormData | null = null;
  constructor() {
    FakeRequest.last = this;
  }
  open() {}
  setRequestHeader() {}
  send(form: FormData) {
    this.sent = form;
  }
  abort() {
    this.onabort?.();
  }
  end(status: number, body: unknown) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const table = (bytes = 10, name = "sales.csv") => new File(["x".repeat(bytes)], name, { type: "text/csv" });
const input = () => screen.getByLabelText(/Choose a file/);

describe("upload (H3)", () => {
  beforeEach(() => vi.stubGlobal("XMLHttpRequest", FakeRequest));
  afterEach(() => vi.unstubAllGlobals);

  it("starts as soon as a file is chosen, shows how much has left, and goes to the job", async () => {
    serve({ "GET /api/config": { body: CONFIG }, "GET /api/samples": { body: SAMPLES } });
    show(<UploadPage />);

    await userEvent.upload(input(), table());
    FakeRequest.last.upload.onprogress?.({ lengthComputable: true, loaded: 5, total: 10 });
    await waitFor(() => expect(screen.getByRole("progressbar", { name: "Upload" })).toHaveAttribute("value", "0.5"));
    FakeRequest.last.end(202, { jobId: "job_7", status: "submitted" });

    await waitFor(() => expect(router.push).toHaveBeenCalledWith("/jobs/?id=job_7"));
    expect((FakeRequest.last.sent?.get("file") as File).name).toBe("sales.csv");
  });

  it("takes a dropped file as well", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);

    fireEvent.drop(screen.getByText("Drop a table here"), { dataTransfer: { types: ["Files"], files: [table()] } });

    await screen.findByText("sales.csv");
  });

  it("takes a file that is dropped beside the zone, where a browser would open it and leave the page", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);
    const files = { dataTransfer: { types: ["Files"], files: [table()] } };

    fireEvent.dragEnter(screen.getByRole("heading", { level: 1 }), files);
    expect(screen.getByText("Let go to start")).toBeInTheDocument();
    const isLeftToBrowser = fireEvent.drop(screen.getByRole("heading", { level: 1 }), files);

    expect(isLeftToBrowser).toBe(false);
    await screen.findByText("sales.csv");
    expect(screen.queryByText("Let go to start")).toBeNull();
  });

  it("leaves text that is dragged into a field to the browser", () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);

    expect(fireEvent.drop(screen.getByRole("heading", { level: 1 }), { dataTransfer: { types: ["text/plain"], files: [] } })).toBe(true);
  });

  it("says the limit beforehand, and refuses a larger file without sending it", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);
    await screen.findByText("Up to 1 KB.");
    const before = FakeRequest.last;

    await userEvent.upload(input(), table(2048, "big.csv"));

    expect(await screen.findByRole("alert")).toHaveTextContent("big.csv is 2 KB; this server takes files of up to 1 KB.");
    expect(FakeRequest.last).toBe(before);
  });

  it("asks for the limit first when a file is chosen before it is known, and sends nothing that is too large", async () => {
    let tell = () => {};
    const told = new Promise<void>((resolve) => { tell = resolve; });
    vi.stubGlobal("fetch", async (address: string) => {
      await told;
      return address === "/api/config" ? Response.json(CONFIG) : Response.json(SAMPLES);
    });
    show(<UploadPage />);
    const before = FakeRequest.last;

    await userEvent.upload(input(), table(2048, "big.csv"));
    expect(screen.getByText(/big\.csv/)).toBeInTheDocument();
    expect(FakeRequest.last).toBe(before);
    tell();

    expect(await screen.findByRole("alert")).toHaveTextContent("big.csv is 2 KB; this server takes files of up to 1 KB.");
    expect(FakeRequest.last).toBe(before);
  });

  it("refuses an empty file with a sentence", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);

    await userEvent.upload(input(), table(0));

    expect(await screen.findByRole("alert")).toHaveTextContent("sales.csv is empty");
  });

  it.each([
    [507, "storage_full", "The disk is full.", "Ask the operator."],
    [503, "queue_full", "10,000 jobs are waiting already, more than this server takes.", "Try again in a minute."],
    [503, "queue_unavailable", "The queue does not answer.", "Try again later."],
    [429, "quota_exceeded", "This key may send 20 bytes a day, and that is used up.", "Come back tomorrow."],
  ])("says why a file was not taken (%i %s), and lets the reader try again", async (status, code, detail, advice) => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);

    await userEvent.upload(input(), table());
    FakeRequest.last.end(status, { code, detail, advice });

    expect(await screen.findByRole("alert")).toHaveTextContent(`${detail} ${advice}`);
    expect(input()).toBeEnabled();
  });

  it("can be stopped", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);
    await userEvent.upload(input(), table());

    await userEvent.click(await screen.findByRole("button", { name: "Stop" }));

    await waitFor(() => expect(screen.queryByRole("progressbar")).not.toBeInTheDocument());
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  it("starts a sample with one press", async () => {
    const calls = serve({ "GET /api/config": { body: CONFIG }, "GET /api/samples": { body: SAMPLES }, "POST /api/upload": { status: 202, body: { jobId: "job_8" } } });
    show(<UploadPage />);

    await userEvent.click(await screen.findByRole("button", { name: /Sales demo/ }));

    await waitFor(() => expect(router.push).toHaveBeenCalledWith("/jobs/?id=job_8"));
    expect(calls.at(-1)?.body).toEqual({ sample: "sales_demo.csv" });
  });

  it("fetches a web address, and complains about what is none before asking the server", async () => {
    const calls = serve({ "GET /api/config": { body: CONFIG }, "POST /api/upload": { status: 202, body: { jobId: "job_9" } } });
    show(<UploadPage />);
    const field = await screen.findByLabelText("Or paste a web address");

    await userEvent.type(field, "example.com/table.csv{enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("begins with https://");
    await userEvent.clear(field);
    await userEvent.type(field, "https://example.com/table.csv{enter}");

    await waitFor(() => expect(router.push).toHaveBeenCalledWith("/jobs/?id=job_9"));
    expect(calls.filter((call) => call.method === "POST")).toHaveLength(1);
  });

  it("has no field for an address where the server fetches none", async () => {
    serve({ "GET /api/config": { body: { ...CONFIG, fileUrlEnabled: false } } });
    show(<UploadPage />);
    await screen.findByText("Up to 1 KB.");

    expect(screen.queryByLabelText("Or paste a web address")).not.toBeInTheDocument();
  });

  it("says so when the server does not answer", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));

    show(<UploadPage />);

    expect(await screen.findByText("The server does not answer.")).toBeInTheDocument();
  });

  it("takes a table that is pasted anywhere on the page", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);
    await screen.findByText("Up to 1 KB.");

    fireEvent.paste(document.body, { clipboardData: { files: [], getData: () => "region\tunits\nNorth\t12" } });

    await waitFor(() => expect((FakeRequest.last.sent!.get("file") as File).name).toBe("pasted table.tsv"));
  });

  it("takes cells from a field where pasting is not at hand, and says when they are no table", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);
    await screen.findByText("Up to 1 KB.");
    const field = screen.getByLabelText("The table, as text");

    fireEvent.change(field, { target: { value: "hello" } });
    await userEvent.click(screen.getByRole("button", { name: "Analyse what was pasted" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("This is no table yet");
    fireEvent.change(field, { target: { value: "a,b\n1,2" } });
    await userEvent.click(screen.getByRole("button", { name: "Analyse what was pasted" }));

    expect(await screen.findByRole("status")).toHaveTextContent("pasted table.csv");
  });

  it("says that the server does not answer, and goes on asking until it does", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let isUp = false;
    serve({ "GET /api/config": () => (isUp ? { body: CONFIG } : { status: 503, body: { code: "queue_unavailable", detail: "The queue does not answer." } }) });
    show(<UploadPage />);
    expect(await screen.findByText("The server does not answer.")).toBeVisible();

    isUp = true;
    await act(() => vi.advanceTimersByTimeAsync(5000));

    expect(await screen.findByText("Up to 1 KB.")).toBeVisible();
    expect(screen.queryByText("The server does not answer.")).toBeNull();
  });

  it("sends several files one after the other, and one that is refused holds up none", async () => {
    serve({ "GET /api/config": { body: CONFIG } });
    show(<UploadPage />);
    await screen.findByText("Up to 1 KB.");
    const files = [new File(["a,b"], "one.csv"), new File([new Uint8Array(2048)], "big.csv"), new File(["c,d"], "two.csv")];

    fireEvent.change(document.querySelector("input[type=file]")!, { target: { files } });
    const list = await screen.findByRole("region", { name: "Files on their way" });
    for (const [index, name] of ["one.csv", "two.csv"].entries()) {
      await waitFor(() => expect((FakeRequest.last.sent?.get("file") as File | undefined)?.name).toBe(name));
      FakeRequest.last.status = 202;
      FakeRequest.last.responseText = JSON.stringify({ jobId: `job_${index}` });
      FakeRequest.last.onload?.();
    }

    await waitFor(() => expect(list).toHaveTextContent(/one\.csvAccepted.*big\.csvNot taken.*up to 1 KB.*two\.csvAccepted/));
    expect(screen.getByRole("link", { name: "See all analyses" })).toHaveAttribute("href", "/history/");
  });
});
