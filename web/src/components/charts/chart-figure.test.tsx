import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { salesReport } from "@/test/fixtures";
import { show } from "@/test/render";
import { typeset } from "@/lib/words";
import { ChartFigure } from "./chart-figure";
import { DataTable } from "./data-table";
import { HeatMap } from "./heat-map";

const line = salesReport.chartSpecs.find((chart) => chart.type === "line")!;

// First, because the drawing code comes with the first chart that is drawn and stays.
it("on paper a chart whose drawing code never came is its table", () => {
  const onScreen = window.matchMedia;
  window.matchMedia = (query: string) => (query === "print" ? { ...onScreen(query), matches: true } : onScreen(query));
  try {
    show(<ChartFigure chart={line} grain="month" />);
    expect(within(screen.getByRole("table")).getAllByRole("row")).toHaveLength(line.data.length + 1);
  } finally {
    window.matchMedia = onScreen;
  }
});

it("a chart is a figure named by its finding, with its description for those who do not see it", () => {
  show(<ChartFigure chart={line} grain="month" isEager />);

  const figure = screen.getByRole("figure", { name: typeset(line.title) });
  expect(within(figure).getByText(line.subtitle)).toBeInTheDocument();
  expect(figure).toHaveAccessibleDescription(line.alt);
});

it("every chart has a table twin with the same points", async () => {
  show(<ChartFigure chart={line} grain="month" isEager />);

  await userEvent.click(screen.getByRole("button", { name: "Show as table" }));

  expect(within(screen.getByRole("table")).getAllByRole("row")).toHaveLength(line.data.length + 1);
  expect(screen.getByRole("button", { name: "Show as chart" })).toHaveAccessibleDescription(typeset(line.title));
});

it("a period that is not complete is said to be so", () => {
  show(<ChartFigure chart={{ ...line, partialLast: true, note: null }} grain="month" />);

  expect(screen.getByText(/The last period is not complete/)).toBeInTheDocument();
});

it("a scatter says how many of its rows it shows", () => {
  const scatter = { ...line, type: "scatter" as const, pointsShown: 386, pointsTotal: 1545, data: [{ x: 1, y: 2 }], note: null };

  show(<ChartFigure chart={scatter} grain={null} />);

  expect(screen.getByText("Shown: 386 of 1,545 rows.")).toBeInTheDocument();
});

it("a chart that breaks says so and leaves the rest alone", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = { ...line, type: "heatmap" as const, data: null as unknown as typeof line.data };

  show(
    <>
      <p>The rest of the page</p>
      <ChartFigure chart={{ ...broken, data: Object.assign([{ x: 1 }], { map: () => { throw new Error("torn"); } }) }} grain={null} />
    </>,
  );

  expect(screen.getByText("This chart could not be shown.")).toBeInTheDocument();
  expect(screen.getByText("The rest of the page")).toBeInTheDocument();
});

it("a heat map is a table whose figures can be read, in one order both ways", () => {
  const map = salesReport.chartSpecs.find((chart) => chart.type === "heatmap")!;
  show(<><p id="name">Correlations</p><HeatMap chart={map} labelledBy="name" /></>);

  const across = screen.getAllByRole("columnheader").map((cell) => cell.textContent);
  const down = screen.getAllByRole("rowheader").map((cell) => cell.textContent);
  expect(down).toEqual(across);
  expect(screen.getAllByText("0.93")).toHaveLength(2);
});

it("the names above a wide heat map stand upright rather than being broken", () => {
  const names = ["agriculture", "architecture", "biology", "business", "education", "engineering", "psychology", "performance"];
  const data = names.flatMap((x) => names.map((y) => ({ x, y, value: 0.5 })));
  const map = { ...salesReport.chartSpecs.find((chart) => chart.type === "heatmap")!, data };
  show(<><p id="name">Correlations</p><HeatMap chart={map} labelledBy="name" /></>);

  expect(within(screen.getByRole("columnheader", { name: "agriculture" })).getByText("agriculture")).toHaveClass("[writing-mode:vertical-rl]");
});

it("a table of many points takes a page of paper, not ten", () => {
  const scatter = salesReport.chartSpecs.find((chart) => chart.type === "scatter")!;

  show(<><p id="name">Points</p><DataTable chart={scatter} grain={null} labelledBy="name" isOnPaper /></>);

  expect(screen.getAllByRole("row")).toHaveLength(1 + 30);
  expect(screen.getByText(`And ${scatter.data.length - 30} more, on the page.`)).toBeInTheDocument();
});
