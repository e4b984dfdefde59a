import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ColumnProfile, Measure, Report } from "@/lib/api/types";
import { useKeyListener } from "@/lib/keys";
import { LiveProvider } from "@/lib/live";
import { salesReport } from "@/test/fixtures";
import { router, where } from "@/test/navigation";
import { show } from "@/test/render";
import { serve } from "@/test/server";
import { setScreenWidth } from "@/test/setup";
import { QualityStrip } from "./quality-strip";
import { ReportPage } from "./report-page";
import { ReportView } from "./report-view";

// Few rows and charts: what is tested is each part, and jsdom is slow on long pages.
const shortReport: Report = {
  ...salesReport,
  cleanedPreview: salesReport.cleanedPreview.slice(0, 3),
  chartSpecs: salesReport.chartSpecs.filter((chart) => chart.type === "line" || chart.type === "heatmap").slice(0, 2),
};

const open = async (changes: Partial<Report> = {}) => {
  serve({ "GET /api/result": { body: { ...shortReport, ...changes } } });
  show(<ReportPage />);
  await screen.findByText("How the file was read", { selector: "h2" });
};
const COEFFICIENTS = ["correlation", "correlation_ratio", "association"];
const part = (id: string) => within(document.getElementById(id)!);
const finding = salesReport.insights.analystInsights[0]!;

describe("the report (H5)", () => {
  beforeEach(() => {
    where.query = "id=job_1";
  });

  it("opens with the main finding and what it rests on", async () => {
    await open();

    expect(document.querySelector("h1")).toHaveTextContent(salesReport.insights.businessSummary[0]!);
    expect(screen.getByText(/1,546 rows · 10 columns · analysed/)).toBeInTheDocument();
    expect(document.title).toContain("sales_demo.csv");
  });

  it("keeps the main finding in sight while the rest is made ready, and no longer", async () => {
    window.early = { address: "/api/result?jobId=job_1", headline: "Revenue doubled." };
    serve({ "GET /api/result": { body: shortReport } });
    show(<ReportPage />);
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Revenue doubled.");

    await screen.findByText("How the file was read", { selector: "h2" });

    expect(document.querySelector("h1")).toHaveTextContent(salesReport.insights.businessSummary[0]!);
    expect(window.early).toBeUndefined();
  });

  it("shows the quality score and what each lost point would give back", async () => {
    await open({ qualityScore: 88, quality: { ...salesReport.quality, score: 88, deductions: [{ ...salesReport.quality.deductions[0]!, title: "Repeated rows", points: 10, rule: "duplicates" }] } });

    const quality = document.getElementById("quality")!;
    expect(quality).toHaveAccessibleName("Data quality");
    expect(quality).toHaveTextContent("88 of 100, fair");
    expect(quality).toHaveTextContent("−10 fix: +10");
  });

  it("says that nothing costs a point where nothing does", async () => {
    await open({ quality: { ...salesReport.quality, deductions: [] } });

    expect(screen.getByText(/Nothing was found that costs a point/)).toBeInTheDocument();
  });

  it("gives each key figure its change in words and the way it was computed", async () => {
    await open();

    const card = screen.getByText("Total revenue").closest("li")!;
    expect(card).toHaveTextContent(salesReport.kpis.cards[0]!.display);
    expect(card).toHaveTextContent(/up\+18% Jun 2026 against May 2026/);
    expect(card).toHaveTextContent(salesReport.kpis.cards[0]!.how);
  });

  it("ranks the findings, marks the verified ones and says how many would come by chance", async () => {
    await open();

    expect(part("insights").getAllByRole("heading", { level: 3 })).toHaveLength(5);
    expect(part("insights").getAllByText("Verified")).toHaveLength(5);
    expect(part("insights").getByText(/\d+ relations tested, [\d.]+ expected by chance/)).toBeInTheDocument();
    await userEvent.click(part("insights").getByText(/more insight/));
    expect(part("insights").getAllByRole("heading", { level: 3 })).toHaveLength(salesReport.insights.analystInsights.length);
  });

  it("opens a finding to its facts, rows, statistics and advice", async () => {
    const finding = salesReport.insights.analystInsights.find((one) => one.kind === "group_difference" && one.columns.includes("unit_price"))!;
    await open({ insights: { ...salesReport.insights, analystInsights: [{ ...finding, columns: ["region"], evidence: [...finding.evidence, { kind: "row_indices", factIds: [], rowIndices: [0, 1200], chartId: null, text: "The rows concerned" }] }] } });

    await userEvent.click(part("insights").getByRole("button", { name: "Evidence" }));

    const drawer = screen.getByRole("dialog", { name: finding.headline });
    expect(drawer).toHaveTextContent("Average of unit price, where category is Furniture");
    expect(drawer).toHaveTextContent("1, 1,201 (counted from 1, below the header)");
    expect(within(drawer).getByRole("table")).toHaveTextContent(String(salesReport.cleanedPreview[0]!.region));
    expect(drawer).toHaveTextContent(finding.statistics);
    expect(drawer).toHaveTextContent(finding.recommendation.what);
  });

  it("labels the texts of the demo provider as such", async () => {
    await open({ insights: { ...salesReport.insights, metadata: { ...salesReport.insights.metadata, source: "mock" } } });

    expect(screen.getByText("Demo text")).toBeInTheDocument();
    expect(screen.getByText(/texts by the built-in demo provider, not by a model/)).toBeInTheDocument();
  });

  it("masks personal columns on the reader's wish", async () => {
    const schema = salesReport.schema.map((column) => (column.name === "region" ? { ...column, name: "mail", pii: "email" as const } : column));
    await open({ schema, cleanedPreview: [{ mail: "ursula@example.com" }] });
    expect(screen.getAllByText(/ursula@example.com/).length).toBeGreaterThan(0);

    await userEvent.click(screen.getByLabelText("Mask personal columns"));

    expect(screen.queryByText(/ursula@/)).not.toBeInTheDocument();
    expect(screen.getAllByText(/u\*\*\*@example.com/).length).toBeGreaterThan(0);
  });

  it("renders hostile cells and names as text", async () => {
    const evil = "<script>alert(1)</script>";
    const schema = [{ ...salesReport.schema[0]!, name: evil, storage: "VARCHAR" as const }];
    await open({ schema, cleanedPreview: [{ [evil]: "<img src=x onerror=alert(1)>" }] });

    expect(screen.getAllByText(evil).length).toBeGreaterThan(0);
    expect(document.querySelector("main img, article script, article img")).toBeNull();
  });

  it("offers the whole table and the whole analysis for download", async () => {
    await open();

    expect(part("rows").getByRole("link", { name: /^CSV/ })).toHaveAttribute("href", "/api/jobs/job_1/table?format=csv");
    expect(part("rows").getByRole("link", { name: /^Parquet/ })).toHaveAttribute("href", "/api/jobs/job_1/table?format=parquet");
    expect(part("rows").getByRole("link", { name: /^JSON/ })).toHaveAttribute("href", "/api/result?jobId=job_1");
  });

  it("tells how the file was read, and where it could be read another way", async () => {
    const ambiguity = { column: "order_date", question: "Is 03/04 in March or April?", chosen: "day/month", other: "month/day", effect: "12 dates would move.", option: {} };
    await open({ receipt: { ...salesReport.receipt, ambiguities: [ambiguity] } });

    const receipt = document.getElementById("receipt");
    expect(receipt).toHaveTextContent("was read as delimited text");
    expect(receipt).toHaveTextContent("It could also be month/day. 12 dates would move.");
  });

  it("reads the file the other way where the reader of the page knows better", async () => {
    const ambiguity = { column: "order_date", question: "Is 03/04 in March or April?", chosen: "day/month", other: "month/day", effect: "12 dates would move.", option: { dateOrder: "MDY" } };
    const calls = serve({
      "GET /api/result": { body: { ...shortReport, receipt: { ...salesReport.receipt, options: { ...salesReport.receipt.options, decimal: "," }, ambiguities: [ambiguity] } } },
      "POST /api/reread": { status: 202, body: { jobId: "job_1", status: "submitted" } },
    });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });

    await userEvent.click(part("receipt").getAllByRole("button", { name: "Read it again this way" })[0]!);

    await waitFor(() => expect(router.push).toHaveBeenCalledWith("/jobs/?id=job_1"));
    expect(calls.at(-1)?.body).toEqual({ jobId: "job_1", options: { decimal: ",", dateOrder: "MDY" } });
  });

  it("lets the reader say how the file is to be read", async () => {
    const calls = serve({
      "GET /api/result": { body: { ...shortReport, receipt: { ...salesReport.receipt, sheet: "May", sheets: ["May", "June"] } } },
      "POST /api/reread": { status: 202, body: { jobId: "job_1", status: "submitted" } },
    });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });
    const receipt = part("receipt");

    fireEvent.change(receipt.getByLabelText("Sheet"), { target: { value: "June" } });
    fireEvent.change(receipt.getByLabelText(/Line of the header/), { target: { value: "3" } });
    fireEvent.change(receipt.getByLabelText("Order of dates"), { target: { value: "DMY" } });
    await userEvent.click(receipt.getByRole("button", { name: "Read it again this way" }));

    await waitFor(() => expect(calls.at(-1)?.body).toEqual({ jobId: "job_1", options: { sheet: "June", headerRow: 3, dateOrder: "DMY" } }));
  });

  it("opens a column to its figures and lets its type be corrected", async () => {
    const calls = serve({
      "GET /api/result": { body: shortReport },
      "POST /api/jobs/job_1/facts": { body: { facts: [{ id: "f_1", measure: { metric: "count" }, value: [{ key: 0, value: 3, n: 3 }], unit: "rows", n: 3 }] } },
      "POST /api/reread": { status: 202, body: { jobId: "job_1", status: "submitted" } },
    });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });

    await userEvent.click(part("columns").getByRole("button", { name: "unit_price" }));

    const drawer = screen.getByRole("dialog", { name: "unit_price" });
    expect(drawer).toHaveTextContent("number; it is averaged.");
    expect(drawer).toHaveTextContent("Median44.7");
    expect(await within(drawer).findByRole("figure", { name: "How unit price is spread" })).toBeInTheDocument();
    fireEvent.change(within(drawer).getByLabelText(/Treat it as/), { target: { value: "identifier" } });
    await userEvent.click(within(drawer).getByRole("button", { name: "Read it again this way" }));
    await waitFor(() => expect(calls.at(-1)?.body).toEqual({ jobId: "job_1", options: { types: { unit_price: "identifier" } } }));
  });

  it("offers the page as a file, and to print it", async () => {
    await open();

    expect(screen.getByRole("link", { name: /^Page/, hidden: true })).toHaveAttribute("href", "/api/jobs/job_1/page");
    const print = vi.fn();
    vi.stubGlobal("print", print);
    await userEvent.click(screen.getByRole("button", { name: "Print or PDF" }));
    await waitFor(() => expect(print).toHaveBeenCalledOnce()); // once the code that draws is there
  });

  it("lays more columns than a sheet is wide into tables below each other, and says which are left out", async () => {
    const schema = Array.from({ length: 40 }, (_, index) => ({ ...salesReport.schema[5]!, name: `amount_of_it_${index}` }));
    await open({ schema, cleanedPreview: [Object.fromEntries(schema.map(({ name }) => [name, 1]))], fileInfo: { ...salesReport.fileInfo, cols: 40 } });
    expect(part("rows").getAllByRole("table")).toHaveLength(1);

    act(() => void window.dispatchEvent(new Event("beforeprint")));
    const printed = part("rows").getAllByRole("columnheader").map((cell) => cell.textContent);

    expect(part("rows").getAllByRole("table").length).toBeGreaterThan(2);
    expect(printed.filter((name) => name.startsWith("amount_of_it_"))).toHaveLength(30);
    expect(part("rows").getByText("Printed: 1 to 30 of 40 columns. The others are on the page.")).toBeInTheDocument();

    act(() => void window.dispatchEvent(new Event("afterprint")));
    expect(part("rows").getAllByRole("table")).toHaveLength(1);
  });

  it("a full score beside lost points says how it was rounded", () => {
    const [deduction] = salesReport.quality.deductions;
    show(<QualityStrip report={{ ...salesReport, qualityScore: 100, quality: { ...salesReport.quality, deductions: [{ ...deduction!, points: 0.46 }] } }} />);

    expect(screen.getByText(/cells checked; 99.5 and more count as 100$/)).toBeInTheDocument();
    expect(screen.getByText("−0.46")).toBeInTheDocument();
  });

  it("looks at a part of the table, figures computed by the server", async () => {
    const calls = serve({
      "GET /api/result": { body: shortReport },
      "POST /api/jobs/job_1/facts": ({ body }) => ({ body: { facts: (body as { measures: unknown[] }).measures.map((measure) => ({ id: "f_1", measure, value: COEFFICIENTS.includes((measure as Measure).metric) ? 0.25 : 283, unit: null, n: 283 })), clouds: (body as { clouds: unknown[] }).clouds.map(() => ({ step: 1, total: 2, points: [[1, 2], [3, 4]] })) } }),
    });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });

    await userEvent.click(part("charts").getAllByRole("button", { name: "Show as table" })[0]!);
    await userEvent.click(screen.getByRole("button", { name: "Feb 2025" }));

    const bar = await screen.findByRole("region", { name: "Part of the table" });
    await waitFor(() => expect(bar).toHaveTextContent("283 of 1,546 rows"));
    expect(screen.getByText("Total revenue").closest("li")).toHaveTextContent("283");
    expect(await part("together").findByText(/^The same pairs over the 283 rows of the part/)).toBeInTheDocument();
    expect(part("together").getAllByRole("listitem")[0]).toHaveTextContent("= 0.25");
    expect(JSON.stringify(calls.at(-1)?.body)).toContain('"between"');
    await userEvent.click(within(bar).getByRole("button", { name: "Show all rows" }));
    expect(screen.queryByRole("region", { name: "Part of the table" })).not.toBeInTheDocument();
    expect(screen.getByText("Total revenue").closest("li")).toHaveTextContent("377,222");
  });

  it("keeps what a reader thinks of a finding: one press for yes, a reason for no", async () => {
    const calls = serve({
      "GET /api/result": { body: shortReport },
      "POST /api/feedback": { status: 201, body: { feedbackId: "fb_1" } },
    });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });
    const said = () => calls.filter((call) => call.path === "/api/feedback").map((call) => call.body);

    await userEvent.click(part("insights").getAllByRole("button", { name: "Helpful" })[0]!);
    expect(await part("insights").findByText("Kept, thank you.")).toBeInTheDocument();
    await userEvent.click(part("insights").getAllByRole("button", { name: "Not helpful" })[1]!);
    const dialog = screen.getByRole("dialog", { name: "What is wrong with it?" });
    await userEvent.click(within(dialog).getByRole("radio", { name: "It is not true" }));
    await userEvent.type(within(dialog).getByLabelText(/In your own words/), "No.");
    await userEvent.click(within(dialog).getByRole("button", { name: "Send" }));

    await waitFor(() => expect(said()).toEqual([
      { jobId: "job_1", insightId: finding.id, action: "approve", score: 5 },
      { jobId: "job_1", insightId: salesReport.insights.analystInsights[1]!.id, action: "reject", score: 1, reason: "not_true", comment: "No." },
    ]));
  });

  it("takes a finding in better words, and says why the server would not keep them", async () => {
    const calls = serve({
      "GET /api/result": { body: shortReport },
      "POST /api/feedback": { status: 422, body: { title: "The edited insight cannot be kept", detail: "headline: a figure stands in it that no cited fact brings.", code: "edit_refused", status: 422 } },
    });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });

    await userEvent.click(part("insights").getAllByRole("button", { name: "Edit" })[0]!);
    const dialog = screen.getByRole("dialog", { name: "Say it better" });
    expect(within(dialog).getByRole("button", { name: "Keep it so" })).toBeDisabled();
    await userEvent.type(within(dialog).getByLabelText("Headline"), " by 12");
    await userEvent.selectOptions(within(dialog).getByLabelText("Priority"), "Low");
    await userEvent.click(within(dialog).getByRole("button", { name: "Keep it so" }));

    expect(await within(dialog).findByRole("alert")).toHaveTextContent("a figure stands in it that no cited fact brings");
    const said = calls.find((call) => call.path === "/api/feedback")!.body as { action: string; edited: typeof finding };
    expect(said.action).toBe("edit");
    expect(said.edited).toEqual({ ...finding, headline: `${finding.headline} by 12`, recommendation: { ...finding.recommendation, priority: "low" } });
  });

  it("sets a model's interpretation apart from what was verified", async () => {
    await open({ insights: { ...salesReport.insights, analystInsights: [{ ...finding, detail: "It rose. Interpretation, not verified: a campaign may be behind it." }] } });

    expect(part("insights").getByText("It rose.")).toBeInTheDocument();
    expect(part("insights").getByText("Interpretation by a language model, not verified").closest("p")).toHaveTextContent("a campaign may be behind it.");
  });

  it("shows what was sent to a language model, byte for byte, or that nothing was", async () => {
    const request = { at: "2026-11-22T10:00:00Z", model: "some-model", source: "llm", privacy: "strict", bytes: 1200, sha256: "ab12", body: '{"messages":[]}' };
    serve({ "GET /api/result": { body: shortReport }, "GET /api/jobs/job_1/outbound": { body: { jobId: "job_1", requests: [request] } } });
    show(<ReportPage />);
    await screen.findByText("How the file was read", { selector: "h2" });

    expect(await part("outbound").findByText(/A language model was asked once/)).toBeInTheDocument();
    expect(document.getElementById("outbound")).toHaveTextContent("SHA-256 ab12");
    expect(document.getElementById("outbound")).toHaveTextContent('"messages": []');
  });

  it("shows the issues of the analysis", async () => {
    await open({ issues: [{ code: "x", message: "The model did not answer; our own rules wrote the findings." }] });

    expect(screen.getByText("The model did not answer; our own rules wrote the findings.")).toBeInTheDocument();
  });

  it("has no link or button with the word that only the way to this page bears", async () => {
    await open();

    const names = [...document.querySelectorAll("a, button, summary, [role=button]")].map((element) => `${element.textContent} ${element.getAttribute("aria-label") ?? ""}`);
    expect(names.filter((name) => /result/i.test(name))).toEqual([]);
  });

  it.each([
    ["no rows", { cleanedPreview: [], chartSpecs: [] }, "The table has a header and no rows."],
    ["no findings", { insights: { ...salesReport.insights, analystInsights: [], businessSummary: [] } }, "Nothing in this table stands out strongly enough to be called a finding."],
  ] as const)("bears a table with %s", async (_, changes, sentence) => {
    setScreenWidth(390);

    await open(changes as unknown as Partial<Report>);

    expect(screen.getByText(new RegExp(sentence.slice(0, 40)))).toBeInTheDocument();
  });

  it("says of a date column how its days follow each other and where some are missing (B3)", async () => {
    await open();

    await userEvent.click(part("columns").getByRole("button", { name: "order_date" }));

    const figures = within(await screen.findByRole("dialog")).getByText("Figures, exact over all rows").closest("section")!;
    expect(figures).toHaveTextContent("Usual step1 day, 91% of the time");
    expect(figures).toHaveTextContent("Gaps46");
    expect(figures).toHaveTextContent("Longest gapFeb 15, 2025 to Feb 19, 2025");
  });

  it("says of texts how many words they have and how they are built (B3)", async () => {
    const patterns = [{ mask: "AA-99999", count: 1500, share: 0.97 }, { mask: "", count: 15, share: 0.01 }];
    const [first, ...others] = salesReport.schema as ColumnProfile[];
    await open({ schema: [{ ...first!, min_words: 1, max_words: 12, mean_words: 4.25, patterns }, ...others] });

    await userEvent.click(part("columns").getByRole("button", { name: "order_id" }));

    const drawer = await screen.findByRole("dialog", { name: "order_id" });
    expect(drawer).toHaveTextContent("Words1 to 12, 4.25 on average");
    expect(drawer).toHaveTextContent("How its texts are builtAA-9999997%(empty text)1%9 is any digit, A a capital, a any other letter.");
  });

  it("leafs through very many columns", async () => {
    const schema = Array.from({ length: 5000 }, (_, index) => ({ ...salesReport.schema[0]!, name: `column ${index}` }));
    const cleanedPreview = [Object.fromEntries(schema.map(({ name }) => [name, 1]))];
    await open({ schema, cleanedPreview, fileInfo: { ...salesReport.fileInfo, cols: 5000 } });

    expect(part("columns").getByText("Show 50 more of 5,000")).toBeInTheDocument();
    fireEvent.change(part("columns").getByLabelText(/Find a column/), { target: { value: "column 4999" } });
    expect(await part("columns").findAllByText("column 4999")).toHaveLength(1);
    expect(screen.getByText("1 to 30 of 5,000")).toBeInTheDocument();
  });

  it("keeps a long list of columns short on a phone until it is wished for", async () => {
    setScreenWidth(390);
    const schema = Array.from({ length: 40 }, (_, index) => ({ ...salesReport.schema[0]!, name: `column ${index}` }));
    await open({ schema, fileInfo: { ...salesReport.fileInfo, cols: 40 } });
    const cards = () => document.querySelectorAll("#columns details").length;
    expect(cards()).toBe(15);

    fireEvent.click(part("columns").getByRole("button", { name: "Show 25 more of 40" }));

    expect(cards()).toBe(40);
    expect(document.querySelectorAll("#columns summary")[15]).toHaveFocus();
  });

  it("goes on reading at the first new column when the last of what was sought is shown", async () => {
    const schema = Array.from({ length: 120 }, (_, index) => ({ ...salesReport.schema[0]!, name: `${index % 2 ? "odd" : "even"} ${index}` }));
    await open({ schema, fileInfo: { ...salesReport.fileInfo, cols: 120 } });
    fireEvent.change(part("columns").getByLabelText(/Find a column/), { target: { value: "odd" } });

    await userEvent.click(await part("columns").findByRole("button", { name: "Show 10 more of 60" }));

    expect(part("columns").getByRole("button", { name: "odd 101" })).toHaveFocus();
    expect(part("columns").queryByRole("button", { name: /^Show/ })).toBeNull();
  });
});

describe("a table too wide for its report (B9)", () => {
  const [full] = salesReport.schema;
  const names = Array.from({ length: 20 }, (_, index) => `column ${index}`);
  const all = names.map((name) => ({ ...full!, name }));
  const wide: Report = {
    ...shortReport,
    schema: names.slice(0, 19).map((name) => ({ name, inferred_type: "numeric", role: "sum", missing_count: 773, unique_count: 5 })),
    columnsTold: { inFull: 0, inBrief: 19, leftOut: 1 },
    cleanedPreview: [{ "column 0": 1, "column 1": 2 }],
    fileInfo: { ...salesReport.fileInfo, cols: 20 },
  };
  const columns = ({ path }: { path: string }) => {
    const asked = new URLSearchParams(path.split("?")[1]);
    const found = all.filter(({ name }) => name.includes(asked.get("search")!));
    const offset = Number(asked.get("offset"));
    return { body: { jobId: "job_1", total: 20, found: found.length, offset, columns: found.slice(offset, offset + 2), numericStats: {}, conversions: {} } };
  };

  beforeEach(() => {
    where.query = "id=job_1";
    serve({ "GET /api/result": { body: wide }, "GET /api/jobs/job_1/columns": columns });
  });

  it("asks the server for its columns, a page at a time, also for those the report does not name", async () => {
    show(<ReportPage />);

    await userEvent.click(await screen.findByText("Show 18 more of 20"));
    expect(await part("columns").findAllByText("column 3")).toHaveLength(1);
    await waitFor(() => expect(part("columns").getByRole("button", { name: "column 2" })).toHaveFocus());
    fireEvent.change(part("columns").getByLabelText(/Find a column/), { target: { value: "Column 19" } });
    await waitFor(() => expect(part("columns").getAllByText("column 19")).toHaveLength(1));
    expect(part("columns").queryByText("column 3")).not.toBeInTheDocument();
  });

  it("shows the rows of the columns that have room", async () => {
    show(<ReportPage />);

    expect(await screen.findByText("The first 1 of 1,546 rows, 2 of 20 columns, as typed values.")).toBeInTheDocument();
  });

  it("tells what it knows in a page that was saved as a file", async () => {
    show(<LiveProvider value={false}><ReportView jobId="job_1" report={wide} /></LiveProvider>);

    expect(part("columns").getAllByText("column 18").length).toBeGreaterThan(0);
    expect(part("columns").getAllByText("50%").length).toBeGreaterThan(0);
  });
});

describe("a report that cannot be shown", () => {
  beforeEach(() => {
    where.query = "id=job_1";
  });

  it("holds the page's shape while it loads", () => {
    serve({ "GET /api/result": { body: salesReport } });

    show(<ReportPage />);

    expect(screen.getByRole("status", { name: "Loading the analysis" })).toBeInTheDocument();
  });

  it.each([
    [404, "unknown_job", "There is no such analysis."],
    [409, "result_not_ready", "There is no report of this analysis yet."],
    [503, "storage_unavailable", "The analysis could not be loaded."],
  ])("answers %d %s with a way on", async (status, code, title) => {
    serve({ "GET /api/result": { status, body: { code, detail: "A sentence." } } });

    show(<ReportPage />);

    expect(await screen.findByRole("heading", { level: 1, name: title })).toBeInTheDocument();
    expect([...screen.queryAllByRole("link"), ...screen.queryAllByRole("button")].length).toBeGreaterThan(0);
  });

  it("says of an analysis that a link opened before that the link has ended", async () => {
    sessionStorage.setItem("shared", "job_1");
    serve({ "GET /api/result": { status: 404, body: { code: "unknown_job", detail: "A sentence." } } });

    show(<ReportPage />);

    expect(await screen.findByRole("heading", { level: 1, name: "This link does not open anything any more." })).toBeInTheDocument();
    sessionStorage.clear();
  });

  it("leads to the progress of what waits, failed or was cancelled", async () => {
    where.query = "id=job_1";
    serve({ "GET /api/result": { status: 409, body: { code: "result_not_ready", detail: "The job was cancelled, so there is no result." } } });

    show(<ReportPage />);

    await waitFor(() => expect(router.replace).toHaveBeenCalledWith("/jobs/?id=job_1"));
  });

  it("without an id leads to where analyses are", () => {
    where.query = "";
    serve({});

    show(<ReportPage />);

    expect(screen.getByRole("link", { name: "Open the history" })).toBeInTheDocument();
  });
});

describe("what a reader does with the report (H7, H8)", () => {
  const { analystInsights } = salesReport.insights;
  const opened = () => document.querySelector("dialog[open] h2")?.textContent;
  const described = () => document.getElementById(document.activeElement?.getAttribute("aria-describedby") ?? "")?.textContent?.replaceAll(/\s/g, " "); // a line may be kept together

  const press = (keys: string) => [...keys].forEach((key) => fireEvent.keyDown(document.activeElement ?? document.body, { key }));

  beforeEach(() => {
    where.query = "id=job_1";
    window.history.replaceState(null, "", "/results/?id=job_1");
  });

  it("walks the insights by key, in the list and in the evidence, and keeps in the address what is open", async () => {
    function Listening() {
      useKeyListener();
      return <ReportPage />;
    }
    const [first, second, third] = analystInsights.map((insight) => insight.headline);
    serve({ "GET /api/result": { body: shortReport } });
    show(<Listening />);
    await screen.findByText("How the file was read", { selector: "h2" });

    press("jj");
    expect(described()).toBe(second);
    press("k");
    expect(described()).toBe(first);
    press("je");
    expect(opened()).toBe(second);
    expect(window.location.search).toContain(`insight=${analystInsights[1]!.id}`);
    press("j");
    expect(opened()).toBe(third);

    await act(async () => {
      const back = new Promise((done) => window.addEventListener("popstate", done, { once: true }));
      document.querySelector<HTMLDialogElement>("dialog[open]")!.close();
      await back;
    });
    expect(opened()).toBeUndefined();
    expect(described()).toBe(third);
    expect(window.location.search).not.toContain("insight");
  });

  it("opens what the address names: a column, a part; what it cannot name is left", async () => {
    const column = salesReport.schema[2]!;
    window.history.replaceState(null, "", `/results/?id=job_1&insight=gone&part=nonsense&column=${encodeURIComponent(column.name)}`);
    await open();

    expect(screen.getByRole("dialog", { name: column.name })).toBeVisible();
    expect(screen.queryByRole("region", { name: "Part of the table" })).toBeNull();
  });

  it("offers nothing that changes something to who may only read", async () => {
    serve({ "GET /api/result": { body: shortReport }, "GET /api/session": { body: { loginRequired: true, name: null, scopes: [] } } });
    show(<ReportPage />);

    await screen.findByText("You can read this analysis, not change it.");
    for (const name of ["Share", "Helpful", "Edit", "Read it again this way"]) expect(screen.queryByRole("button", { name })).toBeNull();
    expect(screen.getAllByRole("button", { name: "Evidence" }).length).toBeGreaterThan(0);
  });

  it("goes on reading at the first of the insights and charts that a button showed", async () => {
    await open({ chartSpecs: Array.from({ length: 9 }, (_, index) => ({ ...shortReport.chartSpecs[0]!, id: `chart_${index}` })) });

    await userEvent.click(screen.getByRole("button", { name: /more insights?$/ }));
    expect(described()).toBe(analystInsights[5]!.headline);

    const before = [...document.querySelectorAll("#charts [id^=chart-]")];
    await userEvent.click(screen.getByRole("button", { name: /more charts?$/ }));
    expect(before).not.toContain(document.activeElement);
    expect(document.activeElement?.querySelector("figure")).not.toBeNull();
  });

  it("shows what was said of a finding before", async () => {
    const judgement = { feedbackId: "f1", insightId: finding.id, action: "approve", score: 5, at: "2026-11-22T10:00:00Z" };
    serve({ "GET /api/result": { body: shortReport }, "GET /api/jobs/job_1/feedback": { body: { jobId: "job_1", feedback: [judgement] } } });
    show(<ReportPage />);

    const [first, second] = await screen.findAllByText("Helpful");
    await waitFor(() => expect(first).toHaveAttribute("aria-pressed", "true"));
    expect(second).toHaveAttribute("aria-pressed", "false");
    expect(screen.queryByText("Kept, thank you.")).toBeNull();
  });

  it("prints the whole list, also what a button would show", async () => {
    const onScreen = window.matchMedia;
    window.matchMedia = (query: string) => (query === "print" ? { ...onScreen(query), matches: true } : onScreen(query));
    try {
      await open({ chartSpecs: Array.from({ length: 9 }, (_, index) => ({ ...shortReport.chartSpecs[0]!, id: `chart_${index}` })) });
      expect(document.querySelectorAll("#insights ol > li")).toHaveLength(salesReport.insights.analystInsights.length);
      expect(document.querySelectorAll("#charts figure")).toHaveLength(9);
    } finally {
      window.matchMedia = onScreen;
    }
  });
});
