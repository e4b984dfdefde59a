"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { readAgain } from "@/lib/api/client";
import type { ReadingOptions, ReadingWishes } from "@/lib/api/types";

/** What the reader of the file was told before, without what was left to it. */
export function wishesOf(options: ReadingOptions): ReadingWishes {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== null && (name !== "types" || Object.keys(value as object).length > 0))) as ReadingWishes;
}

/** Run the analysis again with other reading options and go where its progress is shown. */
export function useReread(jobId: string) {
  const router = useRouter();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wishes: ReadingWishes) => readAgain(jobId, wishes),
    onSuccess: ({ jobId: submitted }) => {
      client.removeQueries({ queryKey: ["report", jobId] });
      client.removeQueries({ queryKey: ["facts", jobId] });
      router.push(`/jobs/?id=${encodeURIComponent(submitted)}`);
    },
  });
}
