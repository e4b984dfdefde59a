/** How the main finding is set. A long sentence is set smaller, so that it stays a headline and figures stay in sight. */

/** From more than so many letters on: these classes. The first that fits counts; public/start.js reads the same list. */
export const HEADLINE_LOOKS: readonly [number, string][] = [
  [150, "font-serif break-words text-xl leading-snug sm:text-2xl sm:leading-snug"],
  [90, "font-serif break-words text-2xl leading-tight sm:text-3xl sm:leading-tight"],
  [-1, "font-serif break-words text-[1.75rem] leading-[1.15] sm:text-4xl sm:leading-[1.12] xl:text-[2.75rem]"],
];

export const headlineLook = (text: string) => HEADLINE_LOOKS.find(([least]) => text.length > least)![1];
