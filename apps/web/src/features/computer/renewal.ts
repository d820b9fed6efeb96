import { type OpenedView, viewOrigin } from "@threadbox/contracts/views";

/** Whether a view that was opened or renewed then is to be renewed. Both in milliseconds since 1970. */
export const isRenewalDue = (renewedAt: number, now: number): boolean =>
  now - renewedAt >= viewOrigin.renewSeconds * 1000;

/**
 * Address that renews the view which is shown, given a way into one that has just been opened; null where that is another
 * one, which takes its place.
 */
export const renewalOf = (shown: OpenedView, opened: OpenedView): string | null => {
  const [from, to] = [new URL(shown.url), new URL(opened.url)];
  if (from.origin !== to.origin || shown.generation !== opened.generation) return null;
  to.pathname = viewOrigin.renewPath;
  return to.href;
};
