import { secretLimits } from "@threadbox/contracts/limits";
import type {
  CreateSecret,
  EndSecretVersion,
  RotateSecret,
  SecretAudit,
  SecretList,
} from "@threadbox/contracts/secrets";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

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
  const call = makeUserCall(getAccessToken, answerMsMax);
  const post = (route: string, body: object) => call("POST", route, { body });
  return {
    list: async (signal) => (await call("GET", path, { signal })) as SecretList,
    audit: async (before, use = "page") => {
      const query = new URLSearchParams(use === "export" ? { rows: String(secretLimits.auditRowsMax) } : {});
      if (before !== null) query.set("before", String(before));
      return (await call("GET", `${path}-audit?${query}`)) as SecretAudit;
    },
    create: (wish) => post(path, wish),
    rotate: (secretId, wish) => post(`${path}/${secretId}/versions`, wish),
    revoke: (secretId, wish) => post(`${path}/${secretId}/revoke`, wish),
    destroy: (secretId, wish) => post(`${path}/${secretId}/destroy`, wish),
  };
};
