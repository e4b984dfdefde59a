import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { router, where } from "@/test/navigation";
import { show } from "@/test/render";
import { Shell } from "./shell";

describe("the shell (H2)", () => {
  it("says which page is open in every form of the menu", () => {
    where.path = "/history/";

    show(<Shell>page</Shell>);

    const open = screen.getAllByRole("link", { name: "History" });
    expect(open).toHaveLength(2); // rail and sidebar; the drawer is closed
    for (const link of open) expect(link).toHaveAttribute("aria-current", "page");
  });

  it("opens the drawer from the phone's header and closes it on the way to a page", async () => {
    show(<Shell>page</Shell>);

    await userEvent.click(screen.getByRole("button", { name: "Open menu" }));
    const drawer = screen.getByRole("dialog", { name: "DataPilot AI" });
    await userEvent.click(within(drawer).getByRole("link", { name: "History" }));

    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("keeps the reader's theme", async () => {
    show(<Shell>page</Shell>);

    await userEvent.click(screen.getByRole("radio", { name: "Dark" }));

    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(localStorage.getItem("theme")).toBe("dark");
  });

  it("goes round the themes with one button where there is room for one", async () => {
    show(<Shell>page</Shell>);

    await userEvent.click(screen.getByRole("button", { name: /Appearance: System/ }));

    expect(localStorage.getItem("theme")).toBe("light");
    expect(screen.getByRole("button", { name: /Appearance: Light/ })).toBeInTheDocument();
  });

  it("lists the keys, and takes them away when told so", async () => {
    show(<Shell>page</Shell>);

    await userEvent.keyboard("?");
    const list = screen.getByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(list).getByText("Search the history").closest("div")).toHaveTextContent("/");
    await userEvent.click(within(list).getByRole("checkbox"));
    await userEvent.click(within(list).getByRole("button", { name: "Close" }));
    await userEvent.keyboard("gh");
    expect(router.push).not.toHaveBeenCalled();

    await userEvent.click(screen.getAllByRole("button", { name: "Keyboard shortcuts" })[0]!);
    await userEvent.click(screen.getByRole("checkbox"));
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    await userEvent.keyboard("gh");
    expect(router.push).toHaveBeenCalledWith("/history/");
  });

  it("lets the keyboard skip to the content", () => {
    show(<Shell>page</Shell>);

    expect(screen.getByRole("link", { name: "Skip to content" })).toHaveAttribute("href", "#main");
  });
});
