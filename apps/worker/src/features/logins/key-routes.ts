import type { UserId } from "@threadbox/contracts/ids";
import {
  AddModelKey,
  ModelKeyId,
  type ModelKeyList,
  RenameModelKey,
  ReplaceModelKey,
} from "@threadbox/contracts/model-keys";
import type { Viewer } from "@threadbox/contracts/viewer";
import { Clock, Effect, Redacted, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { Outbound, PublicOutbound } from "../../platform/outbound.ts";
import type { Policies } from "../egress/index.ts";
import {
  endedValuesOf,
  endValue,
  keepValue,
  modelKeyRefused,
  openValueOf,
  reachProvider,
  readAddress,
  replaceValue,
  tryKey,
  untakenKey,
} from "../model-keys/index.ts";
import type { SecretVault } from "../secrets/index.ts";
import { requireUser, type UserDoor } from "../users/index.ts";
import type { KeyFacts } from "./book.ts";
import { loginRefused } from "./errors.ts";
import { Logins } from "./logins.ts";

type Services = UserDoor | Logins | AuditTrail | SecretVault | WorkerConfig | Outbound | PublicOutbound | Policies;

const decodeKeyId = Schema.decodeUnknownEffect(ModelKeyId);
const keyIdOf = ({ params }: RouteRequest) => Effect.mapError(decodeKeyId(params.keyId), () => loginRefused("noKey"));

const size = { bytesMax: 16_384 } as const;
const readAdd = jsonBody(AddModelKey, "The body must say kind, name and value, and may say address and models.", size);
const readRename = jsonBody(RenameModelKey, "The body must say name.", size);
const readReplace = jsonBody(ReplaceModelKey, "The body must say value.", size);

/** The answer of every route, with what the vault says of the values. */
const listOf = Effect.fnUntraced(function* (userId: UserId, keys: readonly KeyFacts[]) {
  const ends = yield* endedValuesOf(userId);
  return { keys: keys.map((key) => ({ ...key, ended: ends(key.id) })) } satisfies ModelKeyList;
});

/** What a header takes without changing or splitting it. */
const headerText = /^[\x21-\x7e]+$/;
const readValue = (value: string) => {
  const trimmed = value.trim();
  return headerText.test(trimmed)
    ? Effect.succeed(Redacted.make(trimmed))
    : Effect.fail(modelKeyRefused("notForHeaders"));
};

/** Something that a user did with their keys, written down; of a key its name and kind, which hold nothing of it. */
const audited = <A, E extends WireFailure, R>(
  action: string,
  { userId }: Viewer,
  { requestId }: RouteRequest,
  of: string,
  work: Effect.Effect<A, E, R>,
) =>
  Effect.gen(function* () {
    const audit = yield* AuditTrail;
    const entry = { requestId, action, actorId: userId } as const;
    const done = yield* Effect.tapError(work, ({ message }) =>
      audit.append({ ...entry, outcome: "failed", reason: message }),
    );
    yield* audit.append({ ...entry, outcome: "succeeded", reason: of });
    return done;
  });

const newKeyId = (): ModelKeyId =>
  ModelKeyId.make(
    `key_${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`,
  );

/** The address in the form in which it is kept; null: the provider's own. */
const readWantedAddress = Effect.fnUntraced(function* ({ kind, address = "" }: AddModelKey) {
  const typed = address.trim();
  if (kind !== "compatible") return typed === "" ? null : yield* modelKeyRefused("fixedAddress");
  if (typed === "") return yield* modelKeyRefused("noAddress");
  const { ownModels } = yield* WorkerConfig;
  const read = readAddress(typed, ownModels.hosts);
  return "problem" in read ? yield* modelKeyRefused(read.problem) : read.url;
});

const addKey = Effect.fnUntraced(function* (viewer: Viewer, wish: AddModelKey, { requestId }: RouteRequest) {
  const { userId } = viewer;
  const logins = yield* Logins;
  const value = yield* readValue(wish.value);
  const provider = { kind: wish.kind, address: yield* readWantedAddress(wish) };
  const named = wish.models ?? [];
  const tried = yield* tryKey(provider, named, value);
  if (tried.problem !== null) return yield* untakenKey(tried.problem);
  const { host } = yield* reachProvider(provider);
  const id = newKeyId();
  const deed = { userId, requestId };
  const secretId = yield* keepValue(id, host, value, deed);
  const now = yield* Clock.currentTimeMillis;
  const key = {
    id,
    ...provider,
    name: wish.name.trim() || wish.kind,
    models: tried.models,
    addedAt: now,
    lastUsedAt: null,
    tested: { at: now, problem: null },
    secretId,
    version: 1,
    named,
  };
  // A value that belongs to no key must not stay.
  return yield* Effect.tapError(logins.editKey(userId, id, { kind: "add", key }), () =>
    Effect.ignore(endValue(secretId, deed)),
  );
});

const replaceKey = Effect.fnUntraced(function* (
  { userId }: Viewer,
  id: ModelKeyId,
  text: string,
  { requestId }: RouteRequest,
) {
  const logins = yield* Logins;
  const key = yield* logins.key(userId, id);
  const value = yield* readValue(text);
  const tried = yield* tryKey(key, key.named, value);
  if (tried.problem !== null) return yield* untakenKey(tried.problem);
  const version = yield* replaceValue(key.secretId, key.version, value, { userId, requestId });
  return yield* logins.editKey(userId, id, { kind: "value", version, models: tried.models });
});

/** What a user does with their own keys. No answer holds a value. */
export const modelKeyRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "listModelKeys",
    "page",
    Effect.fn("listModelKeys")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      return yield* listOf(userId, yield* Logins.use((logins) => logins.keys(userId)));
    }),
  ),
  jsonRoute(
    "addModelKey",
    "page",
    Effect.fn("addModelKey")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const wish = yield* readAdd(routed);
      const added = addKey(viewer, wish, routed);
      return yield* listOf(viewer.userId, yield* audited("model_key.added", viewer, routed, `${wish.kind}.`, added));
    }),
  ),
  jsonRoute(
    "renameModelKey",
    "page",
    Effect.fn("renameModelKey")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      const id = yield* keyIdOf(routed);
      const { name } = yield* readRename(routed);
      const edit = { kind: "rename", name: name.trim() } as const;
      return yield* listOf(userId, yield* Logins.use((logins) => logins.editKey(userId, id, edit)));
    }),
  ),
  jsonRoute(
    "replaceModelKey",
    "page",
    Effect.fn("replaceModelKey")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const id = yield* keyIdOf(routed);
      const { value } = yield* readReplace(routed);
      const replaced = replaceKey(viewer, id, value, routed);
      return yield* listOf(viewer.userId, yield* audited("model_key.replaced", viewer, routed, `${id}.`, replaced));
    }),
  ),
  jsonRoute(
    "testModelKey",
    "page",
    Effect.fn("testModelKey")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      const id = yield* keyIdOf(routed);
      const logins = yield* Logins;
      const key = yield* logins.key(userId, id);
      const value = yield* openValueOf(key.secretId, { userId, requestId: routed.requestId });
      const tried = yield* tryKey(key, key.named, value);
      const models = tried.problem === null ? tried.models : null;
      const edit = { kind: "tested", problem: tried.problem, models } as const;
      return yield* listOf(userId, yield* logins.editKey(userId, id, edit));
    }),
  ),
  jsonRoute(
    "removeModelKey",
    "page",
    Effect.fn("removeModelKey")(function* (routed) {
      const viewer = yield* requireUser(routed);
      const { userId } = viewer;
      const id = yield* keyIdOf(routed);
      const logins = yield* Logins;
      const removed = Effect.gen(function* () {
        const { secretId } = yield* logins.key(userId, id);
        // First what opens something, then the word of it: whoever fails in between can remove it again.
        yield* endValue(secretId, { userId, requestId: routed.requestId });
        return yield* logins.editKey(userId, id, { kind: "remove" });
      });
      return yield* listOf(userId, yield* audited("model_key.removed", viewer, routed, `${id}.`, removed));
    }),
  ),
];
