import { createContext, type RefObject, useContext } from "react";

/** The box in which the conversation scrolls, for what stands in it. */
export interface TranscriptView {
  readonly scroller: RefObject<HTMLElement | null>;
  /** Whether the conversation's end is kept in view. */
  readonly isFollowing: () => boolean;
  /** Lets what is at hand stay in view instead of the conversation's end. */
  readonly stopFollowing: () => void;
}

export const TranscriptViewContext = createContext<TranscriptView>({
  scroller: { current: null },
  isFollowing: () => false,
  stopFollowing: () => undefined,
});

export const useTranscriptView = (): TranscriptView => useContext(TranscriptViewContext);
