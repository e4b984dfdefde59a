"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { getColumns } from "@/lib/api/client";
import type { ColumnProfile, NumericStats, Report } from "@/lib/api/types";
import { useLive } from "@/lib/live";
import { typeWords } from "./column-words";
import { columnsOf, isTooWide } from "./told-columns";

export const PAGE = 50;

export type Columns = {
  found: number;
  shown: ColumnProfile[];
  stats: Readonly<Record<string, NumericStats>>;
  isPending: boolean;
  problem: Error | null;
  showMore: () => void;
};

/** The columns whose name or type holds what is sought, a page at a time; a table too wide for its report is asked for. */
export function useColumns(jobId: string, report: Report, sought: string): Columns {
  const isAsked = useLive() && isTooWide(report);
  const own = useOwnColumns(report, sought);
  const asked = useInfiniteQuery({
    queryKey: ["columns", jobId, sought],
    queryFn: ({ pageParam, signal }) => getColumns(jobId, { offset: pageParam, limit: PAGE, search: sought }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.offset + last.columns.length < last.found ? last.offset + last.columns.length : undefined),
    enabled: isAsked,
    staleTime: Infinity,
  });
  if (!isAsked) return own;
  const pages = asked.data?.pages ?? [];
  return {
    found: pages[0]?.found ?? 0,
    shown: pages.flatMap((page) => page.columns),
    stats: Object.assign({}, ...pages.map((page) => page.numericStats)) as Record<string, NumericStats>,
    isPending: asked.isPending || asked.isFetchingNextPage,
    problem: asked.error,
    showMore: () => void asked.fetchNextPage(),
  };
}

const MOST_ALIKE = 1000; // columns whose names hold another's: the server hands out no more at once

/** The column of this very name with its statistics, wherever it stands; null while it is not known. */
export function useNamedColumn(jobId: string, report: Report, name: string | null): { column: ColumnProfile; stats?: NumericStats } | null {
  const isAsked = useLive() && isTooWide(report);
  const asked = useQuery({
    queryKey: ["columns", jobId, "named", name],
    queryFn: ({ signal }) => getColumns(jobId, { offset: 0, limit: MOST_ALIKE, search: name ?? "" }, signal),
    enabled: isAsked && name !== null,
    staleTime: Infinity,
  });
  const own = useMemo(() => (name === null ? undefined : columnsOf(report).find((one) => one.name === name)), [report, name]);
  const column = isAsked ? asked.data?.columns.find((one) => one.name === name) : own;
  return column && name !== null ? { column, stats: (isAsked ? asked.data?.numericStats : report.kpis.numericStats)?.[column.name] } : null;
}

function useOwnColumns(report: Report, sought: string): Columns {
  const [shown, setShown] = useState(PAGE);
  const columns = useMemo(() => columnsOf(report), [report]);
  const found = sought ? columns.filter((column) => column.name.toLowerCase().includes(sought) || column.inferred_type.includes(sought) || typeWords(column).includes(sought)) : columns;
  return { found: found.length, shown: found.slice(0, shown), stats: report.kpis.numericStats, isPending: false, problem: null, showMore: () => setShown(shown + PAGE) };
}
