import type { AddModelKey, ModelKeyId, ModelKeyList } from "@threadbox/contracts/model-keys";
import { modelKeysApi } from "@threadbox/contracts/model-keys-api";
import { fillPath } from "@threadbox/contracts/worker-api";
import type { Act as ActOn } from "../owned-list/index.ts";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

/** Longer than a provider is given to answer, three times over. */
const answerMsMax = 60_000;

/** What the page asks of the worker about keys. Each answers with the list as it is then, or rejects with a `WireFailure`. */
export interface ModelKeysApi {
  list(): Promise<ModelKeyList>;
  add(wish: AddModelKey): Promise<ModelKeyList>;
  rename(keyId: ModelKeyId, name: string): Promise<ModelKeyList>;
  replace(keyId: ModelKeyId, value: string): Promise<ModelKeyList>;
  /** Asks the provider; the list says what came of it. */
  test(keyId: ModelKeyId): Promise<ModelKeyList>;
  remove(keyId: ModelKeyId): Promise<ModelKeyList>;
}

/** Does something to the list; answers with why it wasn't done, else null. */
export type Act = ActOn<ModelKeysApi>;

export const makeModelKeysApi = (getAccessToken: AccessToken): ModelKeysApi => {
  const call = makeUserCall(getAccessToken, answerMsMax);
  type Route = keyof typeof modelKeysApi;
  const send = async (route: Route, body?: object) => {
    const { method, path } = modelKeysApi[route];
    return (await call(method, path, body === undefined ? {} : { body })) as ModelKeyList;
  };
  type OfKey = Exclude<Route, "listModelKeys" | "addModelKey">;
  const sendTo = async (route: OfKey, keyId: ModelKeyId, body?: object) => {
    const { method, path } = modelKeysApi[route];
    return (await call(method, fillPath(path, { keyId }), body === undefined ? {} : { body })) as ModelKeyList;
  };
  return {
    list: () => send("listModelKeys"),
    add: (wish) => send("addModelKey", wish),
    rename: (keyId, name) => sendTo("renameModelKey", keyId, { name }),
    replace: (keyId, value) => sendTo("replaceModelKey", keyId, { value }),
    test: (keyId) => sendTo("testModelKey", keyId),
    remove: (keyId) => sendTo("removeModelKey", keyId),
  };
};
