/** A page's title and the one sentence under it. */
export function PageHead({ title, children }: { title: string; children?: React.ReactNode }) {
  return (
    <header className="mb-6 max-w-3xl">
      <h1 className="font-serif text-3xl leading-tight break-words sm:text-4xl">{title}</h1>
      {children && <div className="mt-2 text-soft">{children}</div>}
    </header>
  );
}
