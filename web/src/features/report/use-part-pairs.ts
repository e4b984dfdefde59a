"use client";
import { useQuery } from "@tanstack/react-query";
import { askFacts } from "@/lib/api/client";
import type { Fact, RelatedPair } from "@/lib/api/types";
import { conditionsOf, narrowed } from "./drill";
import type { Looking } from "./use-part";

const FEWEST_ROWS = 10; // of fewer a coefficient says nothing

/** How closely the listed pairs go together in the part: null for a pair that the part is too small for, or holds one value of. */
export type PartPairs = { rows: number; strengths: readonly (number | null)[] };

/** The pairs of the part that is looked at, asked for once its charts are there; null meanwhile and where there is no part. */
export function usePartPairs(jobId: string, pairs: readonly RelatedPair[], { picks, part, isComputing }: Looking): PartPairs | null {
  const conditions = conditionsOf(picks);
  const answer = useQuery({
    queryKey: ["pairs", jobId, conditions],
    queryFn: ({ signal }) => askFacts(jobId, pairs.map(({ kind, column, column2 }) => narrowed({ metric: kind, column, column2, filters: [], baseline: [] }, conditions)), signal),
    enabled: part !== null && !isComputing && pairs.length > 0,
    staleTime: Infinity, // the stored table does not change
  });
  return part && answer.data ? { rows: part.rows, strengths: answer.data.map(strengthOf) } : null;
}

const strengthOf = ({ value, n }: Fact) => (typeof value === "number" && n >= FEWEST_ROWS ? value : null);
