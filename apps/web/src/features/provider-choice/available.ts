import { agentsApi, type ProviderStates } from "@threadbox/contracts/agents-api";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { useEffect, useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { makeUserCall } from "../user-call/index.ts";

const answerMsMax = 10_000;
const order = ["local", "docker", "cloudflare"] as const satisfies readonly SandboxProviderId[];

/** Those where a sandbox can be had. */
export const availableOf = (states: ProviderStates): readonly SandboxProviderId[] =>
  order.filter((id) => states[id]?.available === true);

/** Where a new thread’s computer may run; empty until that is known, and where it can’t be asked. */
export const useAvailable = (): readonly SandboxProviderId[] => {
  const { getAccessToken } = useLoginSession();
  const [available, setAvailable] = useState<readonly SandboxProviderId[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    const { method, path } = agentsApi.listProviders;
    makeUserCall(getAccessToken, answerMsMax)(method, path, { signal: leaving.signal }).then(
      (states) => setAvailable(availableOf(states as ProviderStates)),
      // Who can’t choose gets what everybody gets.
      () => {},
    );
    return () => leaving.abort();
  }, [getAccessToken]);
  return available;
};
