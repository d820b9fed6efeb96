import { secretLimits } from "@threadbox/contracts/limits";
import type {
  CreateSecret,
  EndSecretVersion,
  RotateSecret,
  SecretAudit,
  SecretList,
} from "@threadbox/contracts/secrets";
import { pageConfig } from "../../lib/request.ts";
import type { useLoginSession } from "../auth/index.ts";
import { readWireFailure, WireFailure } from "../errors/index.ts";

type AccessToken = ReturnType<typeof useLoginSession>["getAccessToken"];

/** Whoever asked has an answer by then, or is told that there is none. */
const answerMsMax = 15_000;
const path = "/api/admin/secrets";

/** What the page asks of the worker about secrets. Each rejects with a `WireFailure`. */
export interface SecretsApi {
  list(signal?: AbortSignal): Promise<SecretList>;
  /** A page before that row; for an export the pages are as long as the worker makes them. */
  audit(before: number | null, use?: "page" | "export"): Promise<SecretAudit>;
  /** What was filled in, which the worker judges. */
  create(wish: Readonly<Partial<Record<keyof CreateSecret, unknown>>>): Promise<unknown>;
  rotate(secretId: string, wish: RotateSecret): Promise<unknown>;
  revoke(secretId: string, wish: EndSecretVersion): Promise<unknown>;
  destroy(secretId: string, wish: EndSecretVersion): Promise<unknown>;
}

export const makeSecretsApi = (getAccessToken: AccessToken): SecretsApi => {
  const send = async (route: string, init: RequestInit, isRepeat = false): Promise<unknown> => {
    const token = await getAccessToken({ forceRefresh: isRepeat });
    const timeout = AbortSignal.timeout(answerMsMax);
    const response = await fetch(`${pageConfig().workerUrl}${route}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.body ? { "content-type": "application/json" } : {}) },
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    });
    if (response.ok) return response.json();
    const failure = await readWireFailure(response);
    if (failure.tag === "TokenExpired" && !isRepeat) return send(route, init, true);
    throw failure;
  };
  const ask = async (route: string, init: RequestInit = {}): Promise<unknown> => {
    try {
      return await send(route, init);
    } catch (error) {
      throw error instanceof WireFailure ? error : new WireFailure("UpstreamTimeout", "");
    }
  };
  const post = (route: string, body: object) => ask(route, { method: "POST", body: JSON.stringify(body) });
  return {
    list: async (signal) => (await ask(path, { signal: signal ?? null })) as SecretList,
    audit: async (before, use = "page") => {
      const query = new URLSearchParams(use === "export" ? { rows: String(secretLimits.auditRowsMax) } : {});
      if (before !== null) query.set("before", String(before));
      return (await ask(`${path}-audit?${query}`)) as SecretAudit;
    },
    create: (wish) => post(path, wish),
    rotate: (secretId, wish) => post(`${path}/${secretId}/versions`, wish),
    revoke: (secretId, wish) => post(`${path}/${secretId}/revoke`, wish),
    destroy: (secretId, wish) => post(`${path}/${secretId}/destroy`, wish),
  };
};
