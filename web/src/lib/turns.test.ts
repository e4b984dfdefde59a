import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inTurn } from "./turns";

const quiet: IdleRequestCallback[] = [];
const done: string[] = [];
const piece = (name: string) => () => void done.push(name);
/** Let the browser have nothing to do, once. */
const rest = () => quiet.shift()?.({ didTimeout: false, timeRemaining: () => 10 });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestIdleCallback", (run: IdleRequestCallback) => quiet.push(run));
  quiet.length = done.length = 0;
});
afterEach(() => {
  while (quiet.length > 0) rest();
  vi.runAllTimers();
  vi.unstubAllGlobals();
});

it("pieces are done one in each quiet moment", () => {
  for (const name of ["first", "second"]) inTurn(piece(name));

  rest();
  expect(done).toEqual(["first"]);
  rest();
  expect(done).toEqual(["first", "second"]);
});

it("what the reader waits for goes before what can wait", () => {
  inTurn(piece("later"));
  inTurn(piece("now"), { isUrgent: true });

  rest();

  expect(done).toEqual(["now"]);
});

it("an urgent piece does not wait for a quiet moment", () => {
  inTurn(piece("now"), { isUrgent: true });

  vi.runAllTimers();

  expect(done).toEqual(["now"]);
});

it("what was taken back is not done, and what fails holds nothing up", () => {
  const takeBack = inTurn(piece("gone"));
  inTurn(() => { throw new Error("torn"); });
  inTurn(piece("next"));
  takeBack();

  expect(rest).toThrow("torn");
  rest();

  expect(done).toEqual(["next"]);
});
