import type { ErrorTag } from "@threadbox/contracts/errors";
import { UserId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { readInternalSecret, type SecretsBearer } from "./internal-secret.ts";

/** What the door needs to decide. */
export type SecretsDoor = WorkerConfig | Sandboxes | RequestLimits | AuditTrail;

export const internalSecretHeader = "x-internal-secret";

/** An answer in the words that these two routes have, in place of the error table's. */
export const plainAnswer = (status: number, error: string, headers: Record<string, string> = {}): Response =>
  Response.json({ error }, { status, headers });

const refuse = Effect.fnUntraced(function* (tag: ErrorTag, status: number, error: string, requestId: string) {
  const audit = yield* AuditTrail;
  log("secrets.refused", { message: "[Internal] Unauthorized secret fetch attempt", status, requestId });
  yield* audit.refuse({ action: "request.refused", tag, subject: null, requestId });
  return plainAnswer(status, error);
});

const isCurrent = Effect.fnUntraced(function* ({ threadId, generation }: SecretsBearer) {
  const sandboxes = yield* Sandboxes;
  return yield* sandboxes.isCurrent(threadId, generation);
});

/**
 * Lets in a program of a sandbox that runs, by what its start was given. Nobody else is near: no browser, and nobody whom
 * Cloudflare's edge has let in from outside; neither proves anything by itself.
 */
export const admitSandbox = Effect.fn("admitSandbox")(function* ({ request, requestId }: RouteRequest) {
  const { headers } = request;
  const address = headers.get("cf-connecting-ip");
  if (headers.has("origin") || (address !== null && address !== "127.0.0.1"))
    return yield* refuse("Forbidden", 403, "Forbidden", requestId);
  const { sandboxCredentialKey } = yield* WorkerConfig;
  const bearer = yield* readInternalSecret(headers.get(internalSecretHeader) ?? "", sandboxCredentialKey);
  if (bearer === null || !(yield* isCurrent(bearer)))
    return yield* refuse("SecretsUnauthorized", 401, "Unauthorized", requestId);
  const limits = yield* RequestLimits;
  const subject = { userId: UserId.make(`sandbox_${bearer.threadId}`), threadId: bearer.threadId };
  return yield* limits.admit("read", subject).pipe(
    Effect.map(() => bearer),
    Effect.catch(({ retryAfterSeconds }) =>
      Effect.succeed(plainAnswer(429, "Rate limited", { "retry-after": String(retryAfterSeconds) })),
    ),
  );
});
