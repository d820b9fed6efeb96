/** The message at the upper edge of what is looked at, and how far it stands from that edge, in pixels. */
export interface ReadingPlace {
  readonly messageId: string;
  readonly fromTop: number;
}

const edgeOf = (element: Element): number => element.getBoundingClientRect().top;

/** Where the reader is; null where no message is in view. */
export const readPlace = (scroller: HTMLElement): ReadingPlace | null => {
  const edge = edgeOf(scroller);
  for (const message of scroller.querySelectorAll<HTMLElement>("[data-message]")) {
    const { top, bottom } = message.getBoundingClientRect();
    if (bottom > edge && message.dataset.message !== undefined)
      return { messageId: message.dataset.message, fromTop: top - edge };
  }
  return null;
};

/** Brings the reader back to that place after what is above it has changed; answers whether the message is drawn. */
export const returnTo = (scroller: HTMLElement, { messageId, fromTop }: ReadingPlace): boolean => {
  const message = scroller.querySelector(`[data-message="${CSS.escape(messageId)}"]`);
  if (message === null) return false;
  scroller.scrollTop += edgeOf(message) - edgeOf(scroller) - fromTop;
  return true;
};
