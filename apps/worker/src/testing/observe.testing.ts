import { outboundUrls, type Traffic } from "./outbound.testing.ts";

/** What has left the worker so far, seen from beside it. */
export const observe = async (threadId: string): Promise<Traffic> =>
  (await fetch(`${outboundUrls.observer}/?threadId=${threadId}`)).json();
