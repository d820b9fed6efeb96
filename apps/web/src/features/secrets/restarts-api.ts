import type { GatewayRestart, GatewaysRestarted } from "@threadbox/contracts/gateway-restart";
import type { ThreadId } from "@threadbox/contracts/ids";
import { secretsApi } from "@threadbox/contracts/secrets-api";
import { WireFailure } from "../errors/index.ts";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

/** A start has 90 seconds, and may wait two minutes for a place before them. */
const answerMsMax = 240_000;

/** Restarts one thread's sandbox. Rejects with a `WireFailure` where nothing is known of the outcome. */
export type RestartSandbox = (threadId: ThreadId) => Promise<GatewayRestart>;

export const makeRestartSandbox = (getAccessToken: AccessToken): RestartSandbox => {
  const call = makeUserCall(getAccessToken, answerMsMax);
  const { method, path } = secretsApi.restartGateways;
  return async (threadId) => {
    const { gateways } = (await call(method, path, { body: { threadIds: [threadId] } })) as GatewaysRestarted;
    const [restart] = gateways;
    if (restart === undefined) throw new WireFailure("Internal", "");
    return restart;
  };
};
