import { renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { useTitle } from "./use-title";

test("keeps the title when the page's static one arrives later", async () => {
  const { unmount } = renderHook(() => useTitle("62% · sales.csv"));
  document.title = "Analysing";

  await waitFor(() => expect(document.title).toBe("62% · sales.csv"));
  unmount();
  document.title = "Another page";

  expect(document.title).toBe("Another page");
});
