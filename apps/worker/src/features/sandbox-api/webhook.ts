import { AgentEvent, webhookHeaders, webhookLimits } from "@threadbox/contracts/agents-api";
import { Clock, Effect, Redacted, Schema } from "effect";
import { Hex } from "effect/encoding";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { RequestRefusedError, refuser } from "../../http/failure.ts";
import type { RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log } from "../../platform/log.ts";
import { isSameSecret } from "../../platform/same-secret.ts";
import { requireCaller } from "./door.ts";
import { findNamed } from "./named.ts";

const refused = refuser({
  Forbidden: "Only the worker that runs sandboxes may tell of them.",
  SignatureInvalid: "The signature isn't valid.",
  SignedUrlExpired: "The event is too old, or of the future.",
});
const bad = (message: string) => new RequestRefusedError({ wireTag: "ValidationError", message });

const decodeEvent = Schema.decodeUnknownEffect(Schema.fromJsonString(AgentEvent));
const utf8 = new TextEncoder();

const sign = (token: string, text: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", utf8.encode(token), algorithm, false, ["sign"]);
    return `sha256=${Hex.encode(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(text))))}`;
  });

const digestOf = (text: string): Effect.Effect<string> =>
  Effect.promise(async () => Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(text)))));

const timeOf = (timestamp: AgentEvent["timestamp"]): number =>
  typeof timestamp === "number" ? timestamp : Date.parse(timestamp);

const readEvent = Effect.fnUntraced(function* ({ request }: RouteRequest) {
  const unreadable = () => bad("The body must say event, data and timestamp.");
  const read = () => readBytes(request, webhookLimits.bytesMax);
  const bytes = yield* Effect.tryPromise({ try: read, catch: unreadable });
  if (bytes === null)
    return yield* new RequestRefusedError({ wireTag: "BodyTooLarge", message: "The event is too large." });
  const text = new TextDecoder().decode(bytes);
  return { text, event: yield* Effect.mapError(decodeEvent(text), unreadable) };
});

/**
 * S4.46: takes an event down in the audit, once however often it is delivered. It changes no sandbox: how one stands, the
 * lifecycle alone says. A signature, where there is one, must be right.
 */
export const hearWebhook = Effect.fn("hearWebhook")(function* (routed: RouteRequest) {
  const caller = yield* requireCaller(routed);
  const { apiToken } = yield* WorkerConfig;
  if (caller.kind !== "service" || apiToken === null) return yield* refused("Forbidden", { userId: caller.actorId });
  const { text, event } = yield* readEvent(routed);
  const signature = routed.request.headers.get(webhookHeaders.signature);
  if (signature !== null) {
    const expected = yield* sign(Redacted.value(apiToken), `${event.timestamp}.${text}`);
    if (!(yield* isSameSecret(signature, expected))) return yield* refused("SignatureInvalid");
  }
  const age = Math.abs((yield* Clock.currentTimeMillis) - timeOf(event.timestamp));
  if (!(age <= webhookLimits.skewMs)) return yield* refused("SignedUrlExpired");
  const { sandboxId } = event.data;
  const named = sandboxId === undefined ? null : yield* findNamed(sandboxId);
  const requestId = `webhook:${yield* digestOf(text)}`;
  log("webhook.heard", { requestId: routed.requestId, kind: event.event, threadId: named?.threadId });
  const audit = yield* AuditTrail;
  yield* audit.append({
    requestId,
    action: "webhook.heard",
    actorId: caller.actorId,
    outcome: "succeeded",
    reason: `${event.event}.`,
    ...(named === null ? {} : { threadId: named.threadId }),
  });
  return { received: true } as const;
});
