/** What public/start.js asked for before this code was there. Each answer is taken once; later ones are asked anew. */
export type EarlyAnswer = { status: number; body: string };

declare global {
  interface Window {
    early?: { address: string; answer: Promise<EarlyAnswer> };
  }
}

/** The answer under way for this address, if there is one. */
export function takeEarly(address: string): Promise<EarlyAnswer> | undefined {
  if (typeof window === "undefined" || window.early?.address !== address) return undefined;
  const { answer } = window.early;
  delete window.early;
  return answer;
}
