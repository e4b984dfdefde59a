"use client";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import type { Insight } from "@/lib/api/types";
import { capitalise } from "@/lib/words";

const SEVERITIES: Insight["severity"][] = ["critical", "high", "medium", "low", "info"];
const ADDRESSEES: Insight["recommendation"]["who"][] = ["leadership", "finance", "sales", "marketing", "operations", "product", "support", "data"];
const PRIORITIES: Insight["recommendation"]["priority"][] = ["high", "medium", "low"];
const FIELD = "mt-1 w-full rounded-md border border-edge bg-surface p-3";

type Props = { insight: Insight; problem: string | null; isBusy: boolean; onCancel: () => void; onSend: (edited: Insight) => void };

/** The finding in the reader's words. The server checks them: a figure that no fact brings, or a name, is not kept. */
export function EditForm({ insight, problem, isBusy, onCancel, onSend }: Props) {
  const id = useId();
  const [headline, setHeadline] = useState(insight.headline);
  const [severity, setSeverity] = useState(insight.severity);
  const [advice, setAdvice] = useState(insight.recommendation);
  const isChanged = headline.trim() !== insight.headline || severity !== insight.severity || (["who", "what", "priority"] as const).some((key) => advice[key].trim() !== insight.recommendation[key]);
  return (
    <form
      className="mt-2 grid gap-3 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        onSend({ ...insight, headline: headline.trim(), severity, recommendation: { ...advice, what: advice.what.trim() } });
      }}
    >
      <p className="text-soft">Its figures stay as they were computed; everything around them is yours.</p>
      <div>
        <label htmlFor={`${id}-headline`} className="font-semibold">Headline</label>
        <textarea id={`${id}-headline`} rows={3} required maxLength={300} value={headline} onChange={(event) => setHeadline(event.target.value)} className={FIELD} />
      </div>
      <div>
        <label htmlFor={`${id}-what`} className="font-semibold">What to do about it</label>
        <textarea id={`${id}-what`} rows={2} required maxLength={300} value={advice.what} onChange={(event) => setAdvice({ ...advice, what: event.target.value })} className={FIELD} />
      </div>
      <div className="grid gap-3 sm:grid-cols-[1.4fr_1fr_1fr]">
        <Choice id={`${id}-who`} label="Who" value={advice.who} options={ADDRESSEES} onChange={(who) => setAdvice({ ...advice, who })} />
        <Choice id={`${id}-priority`} label="Priority" value={advice.priority} options={PRIORITIES} onChange={(priority) => setAdvice({ ...advice, priority })} />
        <Choice id={`${id}-severity`} label="Severity" value={severity} options={SEVERITIES} onChange={setSeverity} />
      </div>
      {problem && <p role="alert" className="text-bad">{capitalise(problem)}</p>}
      <div className="mt-1 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <Button onClick={onCancel}>Never mind</Button>
        <Button type="submit" tone="primary" disabled={isBusy || !isChanged}>Keep it so</Button>
      </div>
    </form>
  );
}

type ChoiceProps<Value extends string> = { id: string; label: string; value: Value; options: Value[]; onChange: (value: Value) => void };

function Choice<Value extends string>({ id, label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <div>
      <label htmlFor={id} className="font-semibold">{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Value)} className={`${FIELD} min-h-11`}>
        {options.map((option) => <option key={option} value={option}>{capitalise(option)}</option>)}
      </select>
    </div>
  );
}
