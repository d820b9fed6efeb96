import { UserId } from "@threadbox/contracts/ids";
import { ImportSecrets, type ImportedSecrets } from "@threadbox/contracts/operator";
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

const importOne = Effect.fnUntraced(function* (secret: ImportSecrets["secrets"][number], requestId: string) {
  const [vault, audit] = [yield* SecretVault, yield* AuditTrail];
  const { name } = secret;
  const entry = { requestId, action: "secret.imported", actorId: operator } as const;
  const created = vault.create({ ...secret, scope: { kind: "all" }, reason }, { actor: operator, requestId });
  return yield* Effect.matchEffect(created, {
    onSuccess: () =>
      Effect.as(audit.append({ ...entry, outcome: "succeeded", reason: `${name}.` }), {
        name,
        outcome: "imported" as const,
        reason: null,
      }),
    onFailure: ({ refusal, message }) =>
      refusal === "exists"
        ? Effect.succeed({ name, outcome: "kept" as const, reason: null })
        : Effect.as(audit.append({ ...entry, outcome: "failed", reason: message }), {
            name,
            outcome: "refused" as const,
            reason: message,
          }),
  });
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
