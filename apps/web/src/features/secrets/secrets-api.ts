import { secretLimits } from "@threadbox/contracts/secret-limits";
import type {
  ChangeProbe,
  ChangeSecretHosts,
  CreateSecret,
  EndSecretVersion,
  RollBackSecret,
  RotateSecret,
  SecretAudit,
  SecretExposures,
  SecretList,
  UsersSecretList,
} from "@threadbox/contracts/secrets";
import { type SecretsAnswers, type SecretsBodies, secretsApi } from "@threadbox/contracts/secrets-api";
import { fillPath } from "@threadbox/contracts/worker-api";
import { type AccessToken, makeUserCall, makeUserStream } from "../user-call/index.ts";

/** Whoever asked has an answer by then, or is told that there is none. */
const answerMsMax = 15_000;

/** What the page asks of the worker about secrets. Each rejects with a `WireFailure`. */
export interface SecretsApi {
  list(signal?: AbortSignal): Promise<SecretList>;
  /** What users keep themselves. `find`: so much of its name, its user or its hosts; empty: all of it. */
  listOfUsers(find: string): Promise<UsersSecretList>;
  /** A page of the rows before that one which have these words; for an export pages are as long as the worker makes them. */
  audit(before: number | null, find: string, use?: "page" | "export"): Promise<SecretAudit>;
  /** Where it has gone. */
  exposures(secretId: string): Promise<SecretExposures>;
  /** What was filled in, which the worker judges. */
  create(wish: Readonly<Partial<Record<keyof CreateSecret, unknown>>>): Promise<unknown>;
  rotate(secretId: string, wish: RotateSecret): Promise<unknown>;
  revoke(secretId: string, wish: EndSecretVersion): Promise<unknown>;
  destroy(secretId: string, wish: EndSecretVersion): Promise<unknown>;
  rollBack(secretId: string, wish: RollBackSecret): Promise<unknown>;
  /** What was filled in, which the worker judges. */
  setProbe(secretId: string, probe: Readonly<Partial<Record<string, unknown>>> | null): Promise<unknown>;
  setHosts(secretId: string, wish: ChangeSecretHosts): Promise<unknown>;
  /** Calls `onChange` whenever something has changed, until the stream ends, as it does by itself after a minute. */
  follow(onChange: () => void, signal: AbortSignal): Promise<void>;
}

export const makeSecretsApi = (getAccessToken: AccessToken): SecretsApi => {
  const call = makeUserCall(getAccessToken, answerMsMax);
  const openStream = makeUserStream(getAccessToken);
  const change = <
    Name extends "rotateSecret" | "revokeSecret" | "destroySecret" | "rollBackSecret" | "changeSecretHosts",
  >(
    route: Name,
    secretId: string,
    body: SecretsBodies[Name],
  ) => call(secretsApi[route].method, fillPath(secretsApi[route].path, { secretId }), { body });
  const { listSecrets, listUsersSecrets, createSecret, readSecretsAudit, changeSecretProbe, followSecrets } =
    secretsApi;
  return {
    list: async (signal) =>
      (await call(listSecrets.method, listSecrets.path, { signal })) as SecretsAnswers["listSecrets"],
    listOfUsers: async (find) => {
      const path = `${listUsersSecrets.path}?${new URLSearchParams(find === "" ? {} : { find })}`;
      return (await call(listUsersSecrets.method, path)) as SecretsAnswers["listUsersSecrets"];
    },
    audit: async (before, find, use = "page") => {
      const query = new URLSearchParams(use === "export" ? { rows: String(secretLimits.auditRowsMax) } : {});
      if (before !== null) query.set("before", String(before));
      if (find !== "") query.set("find", find);
      const path = `${readSecretsAudit.path}?${query}`;
      return (await call(readSecretsAudit.method, path)) as SecretsAnswers["readSecretsAudit"];
    },
    exposures: async (secretId) => {
      const { method, path } = secretsApi.listSecretExposures;
      return (await call(method, fillPath(path, { secretId }))) as SecretsAnswers["listSecretExposures"];
    },
    create: (wish) => call(createSecret.method, createSecret.path, { body: wish }),
    rotate: (secretId, wish) => change("rotateSecret", secretId, wish),
    revoke: (secretId, wish) => change("revokeSecret", secretId, wish),
    destroy: (secretId, wish) => change("destroySecret", secretId, wish),
    rollBack: (secretId, wish) => change("rollBackSecret", secretId, wish),
    setProbe: (secretId, probe) =>
      call(changeSecretProbe.method, fillPath(changeSecretProbe.path, { secretId }), {
        body: { probe } satisfies Record<keyof ChangeProbe, unknown>,
      }),
    setHosts: (secretId, wish) => change("changeSecretHosts", secretId, wish),
    follow: (onChange, signal) => openStream(followSecrets.path, onChange, signal),
  };
};
