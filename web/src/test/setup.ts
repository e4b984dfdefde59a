/** What a browser has and jsdom lacks, and the addresses of a page under test. Focus and Escape belong to Chromium's tests. */
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { router, where } from "./navigation";
import { FakeEventSource } from "./event-source";

configure({ asyncUtilTimeout: 90_000 }); // what is awaited comes at once on a quiet machine; one with other work on its cores has been seen to take half a minute

vi.mock("next/navigation", () => ({
  useRouter: () => router,
  usePathname: () => where.path,
  useSearchParams: () => new URLSearchParams(where.query),
}));

const screenWidth = { px: 1440 };
export const setScreenWidth = (px: number) => {
  screenWidth.px = px;
};

window.matchMedia = (query: string) =>
  ({
    matches: Number(/min-width:\s*(\d+)px/.exec(query)?.[1] ?? Infinity) <= screenWidth.px,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;

class Sized {
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element) {
    this.tell([{ target, contentRect: { width: 800, height: 280 } } as unknown as ResizeObserverEntry], this as unknown as ResizeObserver);
  }
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", Sized);
vi.stubGlobal("EventSource", FakeEventSource);

Element.prototype.scrollIntoView ??= () => undefined;
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event("close"));
};

beforeEach(() => {
  where.path = "/";
  where.query = "";
  window.history.replaceState(null, "", "/");
  screenWidth.px = 1440;
  FakeEventSource.opened.length = 0;
  localStorage.clear();
  sessionStorage.clear();
});

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
  vi.useRealTimers();
});
