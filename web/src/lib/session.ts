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
