import type { UserId } from "@threadbox/contracts/ids";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { SecretId, type SecretView } from "@threadbox/contracts/secrets";
import {
  AddUserSecret,
  ChangeUserSecretHosts,
  ReplaceUserSecret,
  type UserSecretList,
} from "@threadbox/contracts/user-secrets";
import type { Viewer } from "@threadbox/contracts/viewer";
import { Effect, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { RequestRefusedError, type WireFailure } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { SecretVault } from "../secrets/index.ts";
import { requireRecentUser, requireUser, type UserDoor } from "../users/index.ts";
import { putInForce } from "./in-force.ts";
import { mayNameHost } from "./may-name-host.ts";
import type { Policies } from "./policies.ts";

type Services = UserDoor | SecretVault | AuditTrail | WorkerConfig | Policies | Sandboxes;

/** A value may need six characters of JSON for each of its own. */
const size = { bytesMax: 6 * secretLimits.valueBytesMax + 16_384 } as const;
const readAdd = jsonBody(AddUserSecret, "The body must say name, usage, hosts and value.", size);
const readReplace = jsonBody(ReplaceUserSecret, "The body must say value and expectedVersion.", size);
const readHosts = jsonBody(ChangeUserSecretHosts, "The body must say hosts and expectedHosts.", size);

const decodeId = Schema.decodeUnknownEffect(SecretId);
const noSecret = () => new RequestRefusedError({ wireTag: "NotFound", message: "There is no such secret." });
const readId = ({ params }: RouteRequest) => Effect.mapError(decodeId(params.secretId), noSecret);

const closedHost = (host: string) =>
  new RequestRefusedError({
    wireTag: "ValidationError",
    message: `${host}: An admin has closed that host. Only an admin can open it.`,
  });

const refuseClosed = Effect.fnUntraced(function* (hosts: readonly string[]) {
  for (const host of hosts) if (!(yield* mayNameHost(host.trim().toLowerCase()))) return yield* closedHost(host);
});

const listOf = Effect.fnUntraced(function* (userId: UserId) {
  const vault = yield* SecretVault;
  const { namedHosts } = yield* WorkerConfig;
  return { secrets: yield* vault.listOf(userId), namedHosts: namedHosts.egress } satisfies UserSecretList;
});

/** Who does it, and on whose: nobody's but their own. */
const changeOf = ({ userId }: Viewer, { requestId }: RouteRequest) => ({ actor: userId, owner: userId, requestId });

/**
 * A change, written down for all to see that there was one, of a secret by its name; the chain has the deed itself. Answers with the
 * list as it is then.
 */
const changed = <E extends WireFailure, R>(
  action: string,
  { userId }: Viewer,
  { requestId }: RouteRequest,
  work: Effect.Effect<SecretView, E, R>,
) =>
  Effect.gen(function* () {
    const audit = yield* AuditTrail;
    const entry = { requestId, action, actorId: userId } as const;
    const view = yield* Effect.tapError(work, ({ message }) =>
      audit.append({ ...entry, outcome: "failed", reason: message }),
    );
    yield* audit.append({
      ...entry,
      outcome: "succeeded",
      reason: `${view.name}, version ${view.versions[0]?.version ?? 0}.`,
    });
    return view;
  });

/** What is open to its hosts, in sandboxes that run, is decided anew: which threads are that user's no sandbox host knows. */
const answerInForce = Effect.fnUntraced(function* ({ userId }: Viewer, { usage }: SecretView) {
  if (usage === "egress") yield* putInForce(null);
  return yield* listOf(userId);
});

/** What a user does with the secrets of their own threads. No answer holds a value. */
export const userSecretRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "listUserSecrets",
    "page",
    Effect.fn("listUserSecrets")(function* (routed) {
      const { userId } = yield* requireUser(routed);
      return yield* listOf(userId);
    }),
  ),
  jsonRoute(
    "addUserSecret",
    "page",
    Effect.fn("addUserSecret")(function* (routed) {
      const viewer = yield* requireRecentUser(routed);
      const { name, usage, hosts, value } = yield* readAdd(routed);
      const vault = yield* SecretVault;
      const scope = { kind: "user", userId: viewer.userId } as const;
      const wish = { name, scope, usage, hosts: usage === "egress" ? hosts : [], value, reason: "Added in Settings." };
      const work = Effect.andThen(refuseClosed(wish.hosts), vault.create(wish, changeOf(viewer, routed)));
      return yield* answerInForce(viewer, yield* changed("user_secret.added", viewer, routed, work));
    }),
  ),
  jsonRoute(
    "replaceUserSecret",
    "page",
    Effect.fn("replaceUserSecret")(function* (routed) {
      const viewer = yield* requireRecentUser(routed);
      const id = yield* readId(routed);
      const vault = yield* SecretVault;
      const wish = { ...(yield* readReplace(routed)), reason: "Replaced in Settings.", overlapMinutes: 0 };
      const work = vault.rotate(id, wish, changeOf(viewer, routed));
      yield* changed("user_secret.replaced", viewer, routed, work);
      return yield* listOf(viewer.userId);
    }),
  ),
  jsonRoute(
    "changeUserSecretHosts",
    "page",
    Effect.fn("changeUserSecretHosts")(function* (routed) {
      const viewer = yield* requireRecentUser(routed);
      const id = yield* readId(routed);
      const vault = yield* SecretVault;
      const wish = { ...(yield* readHosts(routed)), reason: "Changed in Settings." };
      const work = Effect.andThen(refuseClosed(wish.hosts), vault.setHosts(id, wish, changeOf(viewer, routed)));
      return yield* answerInForce(viewer, yield* changed("user_secret.hosts_changed", viewer, routed, work));
    }),
  ),
  jsonRoute(
    "removeUserSecret",
    "page",
    Effect.fn("removeUserSecret")(function* (routed) {
      const viewer = yield* requireRecentUser(routed);
      const id = yield* readId(routed);
      const vault = yield* SecretVault;
      const work = vault.retire(id, "Removed in Settings.", changeOf(viewer, routed));
      return yield* answerInForce(viewer, yield* changed("user_secret.removed", viewer, routed, work));
    }),
  ),
];
