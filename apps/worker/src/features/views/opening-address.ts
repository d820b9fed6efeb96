import { viewOrigin } from "@threadbox/contracts/views";

/** The address that a ticket opens, once. */
export const openingAddress = (
  viewBaseOrigin: string,
  { ticket, label }: { readonly ticket: string; readonly label: string },
): string => {
  const base = new URL(viewBaseOrigin);
  const url = new URL(viewOrigin.openPath, `${base.protocol}//${label}.${base.host}`);
  url.searchParams.set(viewOrigin.ticketParameter, ticket);
  return url.href;
};
