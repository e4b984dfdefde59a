"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { step, useAddress } from "@/lib/address";
import { askPart } from "@/lib/api/client";
import { useLive } from "@/lib/live";
import type { Contents } from "./contents";
import { askedOf, partOf, readSpot, writeSpot, type Part, type Pick } from "./drill";

export type Looking = {
  picks: Pick[];
  part: Part | null;
  isComputing: boolean;
  problem: string | null;
  add: (pick: Pick) => void;
  drop: (index: number) => void;
  clear: () => void;
};

const NAMED = "part"; // as the address names a pick, once for each

/** The reader's view on a part of the table: what was picked, as the address keeps it, and charts and cards computed anew for it. */
export function usePart(jobId: string, contents: Contents): Looking {
  const isLive = useLive();
  const address = useAddress();
  const picks = useMemo(() => (isLive ? address.getAll(NAMED).map((text) => readSpot(text, contents.columns)).filter((pick) => pick !== null) : []), [address, contents.columns, isLive]);
  const set = (next: Pick[]) => step({ [NAMED]: next.map((pick) => writeSpot(pick.spot)) });
  const asked = useMemo(() => askedOf(contents, picks), [contents, picks]);
  const answer = useQuery({
    queryKey: ["facts", jobId, picks.map((pick) => pick.filters)],
    queryFn: ({ signal }) => askPart(jobId, asked, signal),
    enabled: picks.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity, // the stored table does not change
  });
  const part = useMemo(() => (picks.length > 0 && answer.data ? partOf(contents, asked, answer.data, picks) : null), [answer.data, asked, contents, picks]);
  return {
    picks,
    part,
    isComputing: picks.length > 0 && answer.isFetching,
    problem: picks.length > 0 && answer.isError ? answer.error.message : null,
    add: (pick) => { if (!picks.some((other) => other.words === pick.words)) set([...picks, pick]); },
    drop: (index) => set(picks.filter((_, at) => at !== index)),
    clear: () => set([]),
  };
}
