/** A server of canned answers at the edge of the network: everything above `fetch` is the real thing. */
import { vi } from "vitest";

type Answer = { status?: number; body: unknown };
type Call = { method: string; path: string; body: unknown };

/** Answer each "METHOD /path" (without its query) as told, and note every call. Unknown ones are 404 problems. */
export function serve(answers: Record<string, Answer | ((call: Call) => Answer)>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (input: string, init?: RequestInit) => {
    const call = { method: init?.method ?? "GET", path: input, body: init?.body ? (JSON.parse(String(init.body)) as unknown) : undefined };
    calls.push(call);
    const found = answers[`${call.method} ${input.split("?")[0]}`] ?? { status: 404, body: { code: "unknown_job", detail: "There is no job with this id." } };
    const { status = 200, body } = typeof found === "function" ? found(call) : found;
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
  return calls;
}
