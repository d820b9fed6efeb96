import { api } from "@threadbox/convex/_generated/api";
import { useConvexAuth, useQuery } from "convex/react";

/** Whether the agent works in the thread right now. */
export const useThreadRunning = (threadId: string): boolean => {
  const { isAuthenticated } = useConvexAuth();
  const thread = useQuery(api.threads.get, isAuthenticated ? { threadId } : "skip");
  return thread?.activity === "running";
};
