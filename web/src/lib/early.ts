/** What public/start.js asked for before this code was there. Each answer is taken once; later ones are asked anew. */
export type EarlyAnswer = { status: number; body: string };

declare global {
  interface Window {
    early?: { address: string; answer?: Promise<EarlyAnswer>; headline?: string };
  }
}

const earlyOf = (address: string) => (typeof window !== "undefined" && window.early?.address === address ? window.early : undefined);

/** The answer under way for this address, if there is one. */
export function takeEarly(address: string): Promise<EarlyAnswer> | undefined {
  const early = earlyOf(address);
  const answer = early?.answer;
  delete early?.answer;
  return answer;
}

/** The main finding that already stands on the page while the report for this address is made ready. */
export const earlyHeadline = (address: string) => earlyOf(address)?.headline;

/** From now on nothing is known early: the report itself is on the page. */
export function forgetEarly(): void {
  delete window.early;
}
