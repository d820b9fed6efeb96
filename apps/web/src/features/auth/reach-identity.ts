import { pageConfig } from "../../lib/request.ts";

const answerMsMax = 10_000;

/**
 * Rejects where the identity provider does not answer. Asked before the browser is sent there: a page of the browser's
 * own, which says that there is nothing, leads no way back.
 */
export const reachIdentity = async (): Promise<void> => {
  const { clientId, apiHostname, port, https } = pageConfig().auth;
  const origin = `${https ? "https" : "http"}://${apiHostname}${port === undefined ? "" : `:${port}`}`;
  const signal = AbortSignal.timeout(answerMsMax);
  await fetch(`${origin}/sso/jwks/${clientId}`, { mode: "no-cors", cache: "no-store", signal });
};
