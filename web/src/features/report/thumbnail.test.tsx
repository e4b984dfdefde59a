import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Thumbnail } from "./thumbnail";

const barsOf = (values: number[], named: number | null) => [...render(<Thumbnail values={values} isTime={false} named={named} />).container.querySelectorAll("rect")];
const number = (bar: Element, name: string) => Number(bar.getAttribute(name));

it("a loss hangs below the line on which the others stand", () => {
  const [gain, loss] = barsOf([30, -10], 1);

  expect(number(gain!, "y") + number(gain!, "height")).toBeCloseTo(number(loss!, "y"));
  expect(number(loss!, "height")).toBeGreaterThan(0);
});

it("the bar that is spoken of is the clear one, also behind more than a stamp holds", () => {
  const bars = barsOf(Array.from({ length: 40 }, (_, place) => 40 - place), 39);

  expect(bars).toHaveLength(24);
  expect(bars.findIndex((bar) => bar.getAttribute("fill-opacity") === "1")).toBe(23);
});

it("where nothing is named the greatest is", () => {
  expect(barsOf([3, 9, 4], null).findIndex((bar) => bar.getAttribute("fill-opacity") === "1")).toBe(1);
});
