const PROMISES = [
  ["A headline", "The main finding in one sentence, with the file, the rows and the time it rests on."],
  ["A quality bill", "A score out of 100, every lost point with its rows, and what fixing it gives back."],
  ["Findings with evidence", "Each one opens to the figures, the chart and the rows behind it. Every number is recomputed before it is printed."],
  ["A receipt", "How the file was read: encoding, dates, decimal marks, skipped lines, and where it could be read another way."],
] as const;

/** What the reader will find, and what he will not. */
export function WhatYouGet() {
  return (
    <section aria-labelledby="promises" className="xl:border-l xl:pl-8">
      <h2 id="promises" className="font-serif text-xl">What you get</h2>
      <dl className="mt-4 grid gap-5 sm:grid-cols-2 xl:grid-cols-1">
        {PROMISES.map(([title, text]) => (
          <div key={title}>
            <dt className="font-semibold">{title}</dt>
            <dd className="text-sm text-soft">{text}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-6 border-t pt-4 text-sm text-soft">
        What you do not get: guesses about why. Two columns that move together are shown as that, and no more.
      </p>
    </section>
  );
}
