import { typeset } from "@/lib/words";

const LABEL = "Interpretation, not verified:"; // what the server puts before a model's own comment

/** A finding's second sentence; what a model made of it stands apart, under its own name. */
export function DetailText({ text }: { text: string }) {
  const [known, comment] = text.split(LABEL, 2).map((part) => part.trim());
  return (
    <>
      {known && <p className="mt-1 break-words">{typeset(known)}</p>}
      {comment && (
        <p className="mt-2 border-l-2 border-edge pl-3 text-sm break-words text-soft">
          <span className="block text-xs font-semibold">Interpretation by a language model, not verified</span>
          {typeset(comment)}
        </p>
      )}
    </>
  );
}
