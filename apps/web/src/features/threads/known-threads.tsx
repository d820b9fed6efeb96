import { createContext, useContext } from "react";
import type { Thread } from "./thread.ts";

const KnownThreadsContext = createContext<readonly Thread[]>([]);

/** Puts the threads of the list at the hand of pages that want one before Convex has answered for it. */
export const KnownThreads = KnownThreadsContext.Provider;

export const useKnownThread = (threadId: string): Thread | undefined =>
  useContext(KnownThreadsContext).find((thread) => thread.threadId === threadId);
