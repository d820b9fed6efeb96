import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, useConvexConnectionState, useQuery } from "convex/react";
import { useLasting } from "../../lib/use-lasting.ts";
import { useOnline } from "../../lib/use-online.ts";
import type { SandboxReach, SandboxState } from "./sandbox-view.ts";

/** Undefined until Convex has answered; null while the thread never needed a sandbox. */
export const useSandbox = (threadId: string): SandboxState | null | undefined => {
  const { isAuthenticated } = useConvexAuth();
  return useQuery(api.sandboxes.get, isAuthenticated ? { threadId } : "skip");
};

/** What the thread's socket says of the sandbox that it leads to. */
export interface SandboxContact {
  readonly isConnected: boolean;
  /** Milliseconds since 1970; null while no turn runs. */
  readonly turnStartedAt: number | null;
}

/** Before the socket has said anything. */
export const noContact: SandboxContact = { isConnected: false, turnStartedAt: null };

/** A short gap counts as reached; after a longer one, only both connections together say how the sandbox stands. */
export const useReach = ({ isConnected }: SandboxContact): SandboxReach => {
  const isOnline = useOnline();
  const { isWebSocketConnected } = useConvexConnectionState();
  const isLost = useLasting(!(isOnline && isConnected && isWebSocketConnected));
  if (!isOnline) return "offline";
  return isLost ? "lost" : "reached";
};
