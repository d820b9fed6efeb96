import type { ErrorTag } from "@threadbox/contracts/errors";

/**
 * Whether a request that changes something comes from our own page: the browser must say so by `Origin` or
 * `Sec-Fetch-Site`, and neither may say otherwise. Returns the refusal, or null.
 */
export const refuseForeignOrigin = (headers: Headers, appOrigin: string): ErrorTag | null => {
  const origin = headers.get("origin");
  if (origin !== null && origin !== appOrigin) return "OriginRejected";
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return "CsrfRejected";
  return origin === null && site === null ? "CsrfRejected" : null;
};
