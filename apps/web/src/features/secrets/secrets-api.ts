import { secretLimits } from "@threadbox/contracts/limits";
import type {
  CreateSecret,
  EndSecretVersion,
  RotateSecret,
  SecretAudit,
  SecretList,
} from "@threadbox/contracts/secrets";
import { type SecretsAnswers, type SecretsBodies, secretsApi } from "@threadbox/contracts/secrets-api";
import { fillPath } from "@threadbox/contracts/worker-api";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

/** Whoever asked has an answer by then, or is told that there is none. */
const answerMsMax = 15_000;

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
  const change = <Name extends "rotateSecret" | "revokeSecret" | "destroySecret">(
    route: Name,
    secretId: string,
    body: SecretsBodies[Name],
  ) => call(secretsApi[route].method, fillPath(secretsApi[route].path, { secretId }), { body });
  const { listSecrets, createSecret, readSecretsAudit } = secretsApi;
  return {
    list: async (signal) =>
      (await call(listSecrets.method, listSecrets.path, { signal })) as SecretsAnswers["listSecrets"],
    audit: async (before, use = "page") => {
      const query = new URLSearchParams(use === "export" ? { rows: String(secretLimits.auditRowsMax) } : {});
      if (before !== null) query.set("before", String(before));
      const path = `${readSecretsAudit.path}?${query}`;
      return (await call(readSecretsAudit.method, path)) as SecretsAnswers["readSecretsAudit"];
    },
    create: (wish) => call(createSecret.method, createSecret.path, { body: wish }),
    rotate: (secretId, wish) => change("rotateSecret", secretId, wish),
    revoke: (secretId, wish) => change("revokeSecret", secretId, wish),
    destroy: (secretId, wish) => change("destroySecret", secretId, wish),
  };
};
