"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { askFacts } from "@/lib/api/client";
import type { Contents } from "./contents";
import { measuresOf, partOf, type Part, type Pick } from "./drill";

export type Looking = {
  picks: Pick[];
  part: Part | null;
  isComputing: boolean;
  problem: string | null;
  add: (pick: Pick) => void;
  drop: (index: number) => void;
  clear: () => void;
};

/** The reader's view on a part of the table: what was picked, and charts and cards computed anew for it. */
export function usePart(jobId: string, contents: Contents): Looking {
  const [picks, setPicks] = useState<Pick[]>([]);
  const asked = useMemo(() => measuresOf(contents, picks.flatMap((pick) => pick.filters)), [contents, picks]);
  const answer = useQuery({
    queryKey: ["facts", jobId, picks],
    queryFn: ({ signal }) => askFacts(jobId, asked.measures, signal),
    enabled: picks.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity, // the stored table does not change
  });
  const words = picks.map((pick) => pick.words).join(", ");
  const part = useMemo(
    () => (picks.length > 0 && answer.data ? partOf(contents, asked.ids, answer.data, `Only where ${words}`) : null),
    [answer.data, asked.ids, contents, picks.length, words],
  );
  return {
    picks,
    part,
    isComputing: picks.length > 0 && answer.isFetching,
    problem: picks.length > 0 && answer.isError ? answer.error.message : null,
    add: (pick) => setPicks((before) => (before.some((other) => other.words === pick.words) ? before : [...before, pick])),
    drop: (index) => setPicks((before) => before.filter((_, at) => at !== index)),
    clear: () => setPicks([]),
  };
}
