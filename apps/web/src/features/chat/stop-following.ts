import { createContext, useContext } from "react";

export const StopFollowingContext = createContext<() => void>(() => undefined);

/** Lets what is at hand stay in view instead of the conversation's end. */
export const useStopFollowing = (): (() => void) => useContext(StopFollowingContext);
