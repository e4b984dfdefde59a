"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { closeSession, openShared, shareToken, signIn } from "@/lib/api/client";
import { cameByLink, rememberLink, useSession } from "@/lib/session";
import { SignInForm } from "./form";

/**
 * The page as it is, or the form for the key once the server has asked for one. A share link's token is swapped for a
 * cookie first, and leaves the address bar, so that it is not passed on by accident.
 */
export function SignInGate({ children }: { children: React.ReactNode }) {
  const [isNeeded, setNeeded] = useState(false);
  const [hasLapsed, setLapsed] = useState(false);
  const client = useQueryClient();

  useEffect(() => {
    const share = shareToken();
    const ask = () => {
      setLapsed(cameByLink(new URLSearchParams(window.location.search).get("id")));
      setNeeded(true);
    };
    if (!share) {
      signIn.addEventListener("needed", ask);
      return () => signIn.removeEventListener("needed", ask);
    }
    const address = new URL(window.location.href);
    address.searchParams.delete("share");
    void openShared(address.searchParams.get("id") ?? "", share).then(() => {
      rememberLink(address.searchParams.get("id"));
      window.location.replace(address);
    }, () => {
      window.history.replaceState(null, "", `${address.pathname}${address.search}`); // or nothing would be asked, with a key either
      setLapsed(true);
      setNeeded(true);
    });
  }, []);

  const enter = () => {
    rememberLink(null);
    client.clear();
    setNeeded(false);
  };

  return isNeeded ? (
    <SignInForm hasLapsed={hasLapsed} onEnter={enter} />
  ) : (
    <>
      {children}
      <SignedIn />
    </>
  );
}

/** Who is signed in, with the way out; nothing on a server without login. */
function SignedIn() {
  const session = useSession();
  if (!session.data?.name) return null;
  return (
    <p className="no-print mt-12 text-sm text-soft">
      Signed in as {session.data.name}.{" "}
      <button type="button" className="min-h-11 underline" onClick={() => void closeSession().then(() => window.location.reload())}>
        Sign out
      </button>
    </p>
  );
}
