/** The product's sign: a line that finds its point. */
export function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-7 shrink-0">
      <rect width="32" height="32" rx="7" className="fill-[#0f4c55]" />
      <path d="M7 23 14 14l5 5 6-10" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="25" cy="9" r="3" className="fill-[#f2b84b]" />
    </svg>
  );
}
