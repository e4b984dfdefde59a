/** Where the page under test believes to be, and where it wanted to go. */
import { vi } from "vitest";

export const where = { path: "/", query: "" };
export const router = { push: vi.fn(), replace: vi.fn(), prefetch: vi.fn(), back: vi.fn() };
