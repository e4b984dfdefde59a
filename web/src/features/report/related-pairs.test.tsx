import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { RelatedPair } from "@/lib/api/types";
import { labelled } from "@/test/fixtures";
import { show } from "@/test/render";
import { comparedLine, PairsOf, RelatedPairsList } from "./related-pairs";

const pair = (kind: RelatedPair["kind"], strength: number, column = "unit_price", column2 = "category"): RelatedPair => ({ kind, strength, column, column2, n: 200 });
const columns = labelled("unit_price", "category");

describe("what goes together (H5)", () => {
  it.each([
    [pair("correlation", 0.93), "unit price and category rise together stronglyr = 0.93"],
    [pair("correlation", -0.28), "unit price falls slightly as category risesr = −0.28"],
    [pair("correlation", 0.997), "unit price and category say the samer = 0.997"],
    [pair("correlation_ratio", 0.41), "unit price differs clearly by categoryη = 0.41"],
    [pair("correlation_ratio", 1), "category settles unit priceη = 1.00"],
    [pair("association", 0.25), "unit price and category depend slightly on each otherV = 0.25"],
    [pair("association", 1), "unit price and category: one tells the otherV = 1.00"],
  ])("is said in words: %o", (one, text) => {
    show(<RelatedPairsList together={{ compared: 28, clear: 1, marked: 0, pairs: [one] }} columns={columns} />);

    expect(screen.getByRole("listitem").textContent).toBe(text);
  });

  it("explains the signs that it uses, and no others", () => {
    show(<RelatedPairsList together={{ compared: 28, clear: 2, marked: 0, pairs: [pair("correlation_ratio", 0.5), pair("correlation_ratio", 0.4, "units")] }} columns={columns} />);

    expect(screen.getAllByRole("term").map((term) => term.textContent)).toEqual(["η"]);
    expect(screen.getByText(/Correlation ratio: how far a number’s averages differ between groups/)).toBeInTheDocument();
  });

  it("shows the closest first and all on request", async () => {
    const pairs = Array.from({ length: 12 }, (_, place) => pair("correlation", 0.9 - place / 20, `a${place}`, "b"));
    show(<RelatedPairsList together={{ compared: 66, clear: 12, marked: 0, pairs }} columns={columns} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(8);

    await userEvent.click(screen.getByRole("button", { name: "Show 4 more pairs" }));

    expect(screen.getAllByRole("listitem")).toHaveLength(12);
    expect(screen.getAllByRole("listitem")[8]).toHaveFocus();
  });

  it.each([
    ["all that are clear are listed", { compared: 28, clear: 1, marked: 0, pairs: [pair("correlation", 0.5)] }, "28 pairs of columns compared, over all rows; the relations tested for insights are counted apart. 1 goes together beyond chance."],
    ["some are left out", { compared: 435, clear: 208, marked: 0, pairs: [pair("correlation", 0.5)] }, "435 pairs of columns compared, over all rows; the relations tested for insights are counted apart. Listed is the closest of those that go together beyond chance."],
    ["numbers mark missing values", { compared: 28, clear: 0, marked: 3, pairs: [] }, "28 pairs of columns compared, over all rows; the relations tested for insights are counted apart. 3 columns are left out: a number in them stands for no value."],
    ["none is clear", { compared: 28, clear: 0, marked: 0, pairs: [] }, "28 pairs of columns compared, over all rows; the relations tested for insights are counted apart."],
  ])("says how many were compared where %s", (_, together, line) => {
    expect(comparedLine(together)).toBe(line);
  });

  it("says of a part how it differs from all rows, and where it cannot tell", () => {
    const pairs = [pair("correlation", 0.93), pair("correlation", 0.8, "units"), pair("association", 0.4, "region")];
    show(<RelatedPairsList together={{ compared: 28, clear: 3, marked: 0, pairs }} columns={columns} part={{ rows: 40, strengths: [0.52, 0.04, null] }} />);

    expect(screen.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
      "unit price and category rise together clearlyr = 0.52all 0.93",
      "units and category hardly go togetherr = 0.04all 0.80",
      "region and category: too little in this part to tellV = —all 0.40",
    ]);
  });

  it("says of a table without any that there is none", () => {
    show(<RelatedPairsList together={{ compared: 28, clear: 0, marked: 0, pairs: [] }} columns={columns} />);

    expect(screen.getByText("None beyond what chance brings about.")).toBeInTheDocument();
  });

  it("tells of one column what it goes with", () => {
    show(<PairsOf column="category" together={{ compared: 28, clear: 2, marked: 0, pairs: [pair("correlation_ratio", 0.94), pair("correlation", 0.5, "units", "revenue")] }} columns={columns} />);

    const others = within(screen.getByRole("list")).getAllByRole("listitem");
    expect(others.map((one) => one.textContent)).toEqual(["unit priceη = 0.94"]);
  });
});
