import type { SecretId } from "@threadbox/contracts/secrets";
import type {
  AddUserSecret,
  ChangeUserSecretHosts,
  ReplaceUserSecret,
  UserSecretList,
} from "@threadbox/contracts/user-secrets";
import { userSecretsApi } from "@threadbox/contracts/user-secrets-api";
import { fillPath } from "@threadbox/contracts/worker-api";
import type { Act as ActOn } from "../owned-list/index.ts";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

/** Whoever asked has an answer by then, or is told that there is none. */
const answerMsMax = 15_000;

/** What was filled in; the worker judges it. */
export type AddWish = Readonly<Record<keyof AddUserSecret, unknown>>;

/** What the page asks of the worker about secrets. Each answers with the list as it is then, or rejects with a `WireFailure`. */
export interface UserSecretsApi {
  list(): Promise<UserSecretList>;
  add(wish: AddWish): Promise<UserSecretList>;
  replace(secretId: SecretId, wish: ReplaceUserSecret): Promise<UserSecretList>;
  setHosts(secretId: SecretId, wish: ChangeUserSecretHosts): Promise<UserSecretList>;
  remove(secretId: SecretId): Promise<UserSecretList>;
}

/** Does something to the list; answers with why it wasn't done, else null. */
export type Act = ActOn<UserSecretsApi>;

export const makeUserSecretsApi = (getAccessToken: AccessToken): UserSecretsApi => {
  const call = makeUserCall(getAccessToken, answerMsMax);
  type Route = keyof typeof userSecretsApi;
  const send = async (route: Route, path: string, body?: object) =>
    (await call(userSecretsApi[route].method, path, body === undefined ? {} : { body })) as UserSecretList;
  const { listUserSecrets, addUserSecret } = userSecretsApi;
  type OfSecret = Exclude<Route, "listUserSecrets" | "addUserSecret">;
  const sendTo = (route: OfSecret, secretId: SecretId, body?: object) =>
    send(route, fillPath(userSecretsApi[route].path, { secretId }), body);
  return {
    list: () => send("listUserSecrets", listUserSecrets.path),
    add: (wish) => send("addUserSecret", addUserSecret.path, wish),
    replace: (secretId, wish) => sendTo("replaceUserSecret", secretId, wish),
    setHosts: (secretId, wish) => sendTo("changeUserSecretHosts", secretId, wish),
    remove: (secretId) => sendTo("removeUserSecret", secretId),
  };
};
