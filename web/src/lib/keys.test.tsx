import { act, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { shortcutsNow, switchShortcuts, useKeyListener, useShortcuts, type Shortcut } from "./keys";

function Offering({ shortcuts }: { shortcuts: Shortcut[] }) {
  useShortcuts(shortcuts);
  return null;
}

function Page({ shortcuts, children }: { shortcuts: Shortcut[]; children?: React.ReactNode }) {
  useKeyListener();
  return (
    <>
      <Offering shortcuts={shortcuts} />
      {children}
    </>
  );
}

const shortcut = (keys: string, more: Pick<Shortcut, "isGlobal" | "inDialog"> = {}) => ({ keys, does: keys, run: vi.fn(), ...more });

describe("shortcuts (H7)", () => {
  it("run on one key, and on two pressed one after the other", async () => {
    const [help, go] = [shortcut("?"), shortcut("g h")];
    render(<Page shortcuts={[help, go]} />);

    await userEvent.keyboard("?");
    await userEvent.keyboard("gh");
    await userEvent.keyboard("gxh");

    expect(help.run).toHaveBeenCalledTimes(1);
    expect(go.run).toHaveBeenCalledTimes(1);
  });

  it("take no key from a field, from the browser, or from a dialog that is open", async () => {
    const [find, on] = [shortcut("f"), shortcut("j", { inDialog: true })];
    const { rerender } = render(<Page shortcuts={[find, on]}><input aria-label="name" /><select aria-label="kind"><option>first</option></select><input type="checkbox" /></Page>);

    await userEvent.type(screen.getByLabelText("name"), "fj");
    await userEvent.type(screen.getByLabelText("kind"), "fj");
    fireEvent.keyDown(document.body, { key: "f", ctrlKey: true });
    expect(find.run).not.toHaveBeenCalled();
    expect(screen.getByLabelText("name")).toHaveValue("fj");

    await userEvent.type(screen.getByRole("checkbox"), "f");
    expect(find.run).toHaveBeenCalledTimes(1);

    rerender(<Page shortcuts={[find, on]}><dialog open>evidence</dialog></Page>);
    await userEvent.keyboard("fj");
    expect(find.run).toHaveBeenCalledTimes(1);
    expect(on.run).toHaveBeenCalledTimes(1);
  });

  it("of the page come before those of everywhere, and go with it", async () => {
    const [everywhere, here] = [shortcut("/", { isGlobal: true }), shortcut("/")];
    const { rerender } = render(<Page shortcuts={[everywhere]}><Offering shortcuts={[here]} /></Page>);
    await userEvent.keyboard("/");
    expect([everywhere.run.mock.calls.length, here.run.mock.calls.length]).toEqual([0, 1]);
    expect(shortcutsNow()).toEqual([here]);

    rerender(<Page shortcuts={[everywhere]} />);
    await userEvent.keyboard("/");

    expect(everywhere.run).toHaveBeenCalledTimes(1);
  });

  it("can be switched off, and stay so in this browser", async () => {
    const help = shortcut("?");
    render(<Page shortcuts={[help]} />);

    act(() => switchShortcuts(false));
    await userEvent.keyboard("?");
    expect(help.run).not.toHaveBeenCalled();
    expect(localStorage.getItem("shortcuts")).toBe("off");

    act(() => switchShortcuts(true));
    await userEvent.keyboard("?");
    expect(help.run).toHaveBeenCalledTimes(1);
  });
});
