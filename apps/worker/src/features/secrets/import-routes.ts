import { UserId } from "@threadbox/contracts/ids";
import { type ImportedSecrets, ImportSecrets } from "@threadbox/contracts/operator";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import { jsonBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { requireOperator } from "./operator-door.ts";
import { SecretVault } from "./secret-vault.ts";

/** A value may need six characters of JSON for each of its own; no more than a few are as long as they may be. */
const size = { bytesMax: 24 * secretLimits.valueBytesMax } as const;
const readImport = jsonBody(ImportSecrets, "The body must say secrets: of each name, usage, hosts and value.", size);

/** Who the audit says it was. */
const operator = UserId.make("operator");
const reason = "Moved from the configuration.";

type Outcome = ImportedSecrets["secrets"][number];

const importOne = Effect.fnUntraced(function* (secret: ImportSecrets["secrets"][number], requestId: string) {
  const [vault, audit] = [yield* SecretVault, yield* AuditTrail];
  const { name } = secret;
  const entry = { requestId, action: "secret.imported", actorId: operator } as const;
  const created = vault.create({ ...secret, scope: { kind: "all" }, reason }, { actor: operator, requestId });
  const refusal = yield* Effect.match(created, { onSuccess: () => null, onFailure: (error) => error });
  if (refusal?.refusal === "exists") return { name, outcome: "kept", reason: null } satisfies Outcome;
  const told = refusal === null ? `${name}.` : refusal.message;
  yield* audit.append({ ...entry, outcome: refusal === null ? "succeeded" : "failed", reason: told });
  if (refusal !== null) return { name, outcome: "refused", reason: refusal.message } satisfies Outcome;
  return { name, outcome: "imported", reason: null } satisfies Outcome;
});

/** What an operator moves from the configuration into the vault. No answer holds a value. */
export const secretImportRoutes: readonly Route<WorkerConfig | SecretVault | AuditTrail>[] = [
  jsonRoute(
    "importSecrets",
    "machine",
    Effect.fn("importSecrets")(function* (routed) {
      yield* requireOperator(routed.request);
      const { secrets } = yield* readImport(routed);
      const outcomes = yield* Effect.forEach(secrets, (secret) => importOne(secret, routed.requestId));
      return { secrets: outcomes } satisfies ImportedSecrets;
    }),
  ),
];
