"use client";
/** Who is signed in, and whether the reader may change anything: a share link and some keys only read. */
import { useQuery } from "@tanstack/react-query";
import { getSession } from "@/lib/api/client";
import { useLive } from "@/lib/live";

export function useSession() {
  const isLive = useLive();
  return useQuery({ queryKey: ["session"], queryFn: ({ signal }) => getSession(signal), staleTime: Infinity, retry: false, enabled: isLive });
}

/** False for a page saved as a file, and for who came by a share link or with a key that only reads. */
export function useMayWrite(): boolean {
  const isLive = useLive();
  const { data } = useSession();
  return isLive && (data === undefined || !data.loginRequired || data.scopes.includes("write"));
}

const CAME = "shared";

/** Remember which analysis this tab was let in to by a link, or that its reader has a key now. */
export function rememberLink(jobId: string | null) {
  if (jobId === null) sessionStorage.removeItem(CAME);
  else sessionStorage.setItem(CAME, jobId);
}

/** Whether a link opened this analysis in this tab: when its week is over, a reader without a key must be told so. */
export const cameByLink = (jobId: string | null) => jobId !== null && sessionStorage.getItem(CAME) === jobId;
