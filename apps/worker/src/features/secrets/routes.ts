import { secretLimits } from "@threadbox/contracts/limits";
import { CreateSecret, EndSecretVersion, RotateSecret, SecretId, type SecretView } from "@threadbox/contracts/secrets";
import type { Viewer } from "@threadbox/contracts/viewer";
import { Effect, Schema } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { requireAdmin, requireRecentAdmin, type UserDoor } from "../users/index.ts";
import type { VaultRefusedError } from "./errors.ts";
import type { Change } from "./keeper.ts";
import { SecretVault } from "./secret-vault.ts";

/** A value may need six characters of JSON for each of its own. */
const bodyBytesMax = 6 * secretLimits.valueBytesMax + 16_384;

type Services = UserDoor | SecretVault | AuditTrail;

const decodeId = Schema.decodeUnknownEffect(SecretId);
const noSecret = () => new RequestRefusedError({ wireTag: "NotFound", message: "There is no such secret." });
const readId = ({ params }: RouteRequest) => Effect.mapError(decodeId(params.secretId), noSecret);

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
const readEnd = jsonBody(EndSecretVersion, "The body must say version and reason.", size);

/** A whole number from 1 in the query; null where there is none. */
const readCount = (query: URLSearchParams, name: string): number | null => {
  const count = Number(query.get(name) ?? Number.NaN);
  return Number.isSafeInteger(count) && count > 0 ? count : null;
};
const auditPage = 50;

/** What an admin does with the vault. No answer holds a value. */
export const secretRoutes: readonly Route<Services>[] = [
  jsonRoute(
    "listSecrets",
    "page",
    Effect.fn("listSecrets")(function* (routed) {
      yield* requireAdmin(routed);
      const vault = yield* SecretVault;
      return { secrets: yield* vault.list };
    }),
  ),
  jsonRoute(
    "createSecret",
    "page",
    Effect.fn("createSecret")(function* (routed) {
      const viewer = yield* requireRecentAdmin(routed);
      const wish = yield* readCreate(routed);
      const vault = yield* SecretVault;
      return yield* audited("secret.created", viewer, routed, (change) => vault.create(wish, change));
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
    "readSecretsAudit",
    "page",
    Effect.fn("readSecretsAudit")(function* (routed) {
      yield* requireAdmin(routed);
      const { searchParams } = new URL(routed.request.url);
      const vault = yield* SecretVault;
      const rows = Math.min(readCount(searchParams, "rows") ?? auditPage, secretLimits.auditRowsMax);
      return yield* vault.audit(readCount(searchParams, "before"), rows);
    }),
  ),
];
