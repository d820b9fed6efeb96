import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useLoginSession } from "./session.tsx";
import { SessionUnreachable } from "./session-unreachable.tsx";

export interface RequireSessionProps {
  /** Shown while the session is being found out; the size of what follows. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** Lets signed-in users through and sends everybody else to sign-in, which leads back here. */
export function RequireSession({ fallback, children }: RequireSessionProps) {
  const { status } = useLoginSession();
  const router = useRouter();
  // The location is read when the answer is known, not subscribed to: navigating changes it, and must happen once.
  useEffect(() => {
    if (status === "loading" || status === "signedIn" || status === "unreachable") return;
    const { pathname, searchStr } = router.latestLocation;
    const from = `${pathname}${searchStr}`;
    void router.navigate({ to: "/sign-in", search: from === "/" ? {} : { from }, replace: true });
  }, [status, router]);
  if (status === "unreachable") return <SessionUnreachable />;
  return status === "signedIn" ? children : fallback;
}
