import { secretLimits } from "@threadbox/contracts/secret-limits";
import {
  ChangeProbe,
  ChangeSecretHosts,
  CreateSecret,
  EndSecretVersion,
  RollBackSecret,
  RotateSecret,
  SecretId,
  type SecretView,
} from "@threadbox/contracts/secrets";
import { secretsApi } from "@threadbox/contracts/secrets-api";
import type { Viewer } from "@threadbox/contracts/viewer";
import { Effect, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log } from "../../platform/log.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { requireAdmin, requireRecentAdmin, type UserDoor } from "../users/index.ts";
import type { Change } from "./deeds.ts";
import type { VaultRefusedError } from "./errors.ts";
import { SecretVault } from "./secret-vault.ts";

/** A value may need six characters of JSON for each of its own. */
const bodyBytesMax = 6 * secretLimits.valueBytesMax + 16_384;

type Services = UserDoor | SecretVault | AuditTrail | Sandboxes | WorkerConfig;

const decodeId = Schema.decodeUnknownEffect(SecretId);
const noSecret = () => new RequestRefusedError({ wireTag: "NotFound", message: "There is no such secret." });
const readId = ({ params }: RouteRequest) => Effect.mapError(decodeId(params.secretId), noSecret);

const usersKey = () =>
  new RequestRefusedError({
    wireTag: "ValidationError",
    message: "A key that the worker uses for one user is added by that user, in Settings.",
  });

/** The chain holds the deed itself; this row says in Convex, beside all others, that there was one. */
const audited = <A extends SecretView>(
  action: string,
  viewer: Viewer,
  { requestId }: RouteRequest,
  work: (change: Omit<Change, "now">) => Effect.Effect<A, VaultRefusedError, SecretVault>,
) =>
  Effect.gen(function* () {
    const audit = yield* AuditTrail;
    const entry = { requestId, action, actorId: viewer.userId } as const;
    const view = yield* work({ actor: viewer.userId, requestId }).pipe(
      Effect.tapError(({ message }) => audit.append({ ...entry, outcome: "failed", reason: message })),
    );
    const reason = `${view.name}, version ${view.versions[0]?.version ?? 0}.`;
    yield* audit.append({ ...entry, outcome: "succeeded", reason });
    return view;
  });

const size = { bytesMax: bodyBytesMax };
const readCreate = jsonBody(CreateSecret, "The body must say name, scope, usage, value and reason.", size);
const readRotate = jsonBody(RotateSecret, "The body must say value, reason, expectedVersion and overlapMinutes.", size);
const readRollBack = jsonBody(RollBackSecret, "The body must say expectedVersion and reason.", size);
const readProbe = jsonBody(ChangeProbe, "The body must say what is checked: method, url, placement and status.", size);
const readHosts = jsonBody(ChangeSecretHosts, "The body must say hosts, expectedHosts and reason.", size);
const readEnd = jsonBody(EndSecretVersion, "The body must say version and reason.", size);

/** Its hosts are asked with it from now on, also by sandboxes that run and have connections to them. */
const putHostsInForce = Effect.fnUntraced(function* ({ usage, scope, name }: SecretView) {
  if (usage !== "egress") return;
  const sandboxes = yield* Sandboxes;
  yield* Effect.catch(sandboxes.reconsiderEgress(scope.kind === "thread" ? scope.threadId : null), () =>
    Effect.sync(() => log("egress.untold", { secret: name })),
  );
});

/** A whole number from 1 in the query; null where there is none. */
const readCount = (query: URLSearchParams, name: string): number | null => {
  const count = Number(query.get(name) ?? Number.NaN);
  return Number.isSafeInteger(count) && count > 0 ? count : null;
};
const auditPage = 50;
const findIn = ({ request }: RouteRequest): string =>
  (new URL(request.url).searchParams.get("find") ?? "").slice(0, secretLimits.auditFindLengthMax);

/** What an admin does with the vault. No answer holds a value. */
export const secretRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "listSecrets",
    "page",
    Effect.fn("listSecrets")(function* (routed) {
      yield* requireAdmin(routed);
      const vault = yield* SecretVault;
      const { namedHosts } = yield* WorkerConfig;
      return { secrets: yield* vault.list, namedHosts: namedHosts.all };
    }),
  ),
  jsonRoute(
    "listUsersSecrets",
    "page",
    Effect.fn("listUsersSecrets")(function* (routed) {
      yield* requireAdmin(routed);
      const vault = yield* SecretVault;
      const found = yield* vault.listOfUsers(findIn(routed), secretLimits.usersListMax + 1);
      const isCut = found.length > secretLimits.usersListMax;
      return { secrets: found.slice(0, secretLimits.usersListMax), isCut };
    }),
  ),
  jsonRoute(
    "createSecret",
    "page",
    Effect.fn("createSecret")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const wish = yield* readCreate(routed);
      if (wish.scope.kind === "user" && wish.usage === "internal") return yield* usersKey();
      const vault = yield* SecretVault;
      const view = yield* audited("secret.created", viewer, routed, (change) => vault.create(wish, change));
      yield* putHostsInForce(view);
      return view;
    }),
  ),
  jsonRoute(
    "rotateSecret",
    "page",
    Effect.fn("rotateSecret")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const id = yield* readId(routed);
      const wish = yield* readRotate(routed);
      const vault = yield* SecretVault;
      return yield* audited("secret.rotated", viewer, routed, (change) => vault.rotate(id, wish, change));
    }),
  ),
  jsonRoute(
    "revokeSecret",
    "page",
    Effect.fn("revokeSecret")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const id = yield* readId(routed);
      const wish = yield* readEnd(routed);
      const vault = yield* SecretVault;
      return yield* audited("secret.revoked", viewer, routed, (change) => vault.revoke(id, wish, change));
    }),
  ),
  jsonRoute(
    "destroySecret",
    "page",
    Effect.fn("destroySecret")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const id = yield* readId(routed);
      const wish = yield* readEnd(routed);
      const vault = yield* SecretVault;
      return yield* audited("secret.destroyed", viewer, routed, (change) => vault.destroy(id, wish, change));
    }),
  ),
  jsonRoute(
    "rollBackSecret",
    "page",
    Effect.fn("rollBackSecret")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const id = yield* readId(routed);
      const wish = yield* readRollBack(routed);
      const vault = yield* SecretVault;
      return yield* audited("secret.rolled_back", viewer, routed, (change) => vault.rollBack(id, wish, change));
    }),
  ),
  jsonRoute(
    "changeSecretProbe",
    "page",
    Effect.fn("changeSecretProbe")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const id = yield* readId(routed);
      const { probe } = yield* readProbe(routed);
      const vault = yield* SecretVault;
      return yield* audited("secret.probe_changed", viewer, routed, (change) => vault.setProbe(id, probe, change));
    }),
  ),
  jsonRoute(
    "changeSecretHosts",
    "page",
    Effect.fn("changeSecretHosts")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const id = yield* readId(routed);
      const wish = yield* readHosts(routed);
      const vault = yield* SecretVault;
      const view = yield* audited("secret.hosts_changed", viewer, routed, (change) => vault.setHosts(id, wish, change));
      yield* putHostsInForce(view);
      return view;
    }),
  ),
  jsonRoute(
    "listSecretExposures",
    "page",
    Effect.fn("listSecretExposures")(function* (routed) {
      yield* requireAdmin(routed);
      const vault = yield* SecretVault;
      const found = yield* vault.exposures(yield* readId(routed), secretLimits.exposuresMax + 1);
      const isCut = found.length > secretLimits.exposuresMax;
      return { exposures: found.slice(0, secretLimits.exposuresMax), isCut };
    }),
  ),
  {
    ...secretsApi.followSecrets,
    audience: "page",
    handle: Effect.fn("followSecrets")(function* (routed) {
      yield* requireAdmin(routed);
      const vault = yield* SecretVault;
      const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
      return new Response(yield* vault.follow, { headers });
    }),
  },
  jsonRoute(
    "readSecretsAudit",
    "page",
    Effect.fn("readSecretsAudit")(function* (routed) {
      yield* requireAdmin(routed);
      const { searchParams } = new URL(routed.request.url);
      const vault = yield* SecretVault;
      const rows = Math.min(readCount(searchParams, "rows") ?? auditPage, secretLimits.auditRowsMax);
      return yield* vault.audit(readCount(searchParams, "before"), rows, findIn(routed));
    }),
  ),
];
