import { workerApi } from "@threadbox/contracts/worker-api";
import { pageConfig } from "../../lib/request.ts";

/** Signing out waits no longer for the worker. */
const waitMsMax = 2_000;

/** Ends what is open of the user's sandboxes, in every window. Never fails: signing out goes on without it. */
export const endViews = async (getAccessToken: () => Promise<string>): Promise<void> => {
  try {
    const token = await getAccessToken();
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(waitMsMax);
    await fetch(`${pageConfig().workerUrl}${workerApi.endViews.path}`, {
      method: workerApi.endViews.method,
      headers,
      keepalive: true,
      signal,
    });
  } catch {
    // A view that nobody could end is over within the hour.
  }
};
