import { Effect, Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";
import { isSameSecret } from "../../platform/same-secret.ts";
import type { Sandboxes } from "./sandbox.ts";

/** Whoever asks does not hold the control channel's token, or is a page. */
const refused = refuser({
  TokenMissing: "The control channel's token is needed.",
  TokenInvalid: "The control channel's token is not valid.",
  OriginRejected: "Only the sandbox host may ask here.",
});

/** What the door of the sandbox host needs to decide. */
export type HostDoor = WorkerConfig | Sandboxes;

const bearer = /^Bearer (\S+)$/;

/** Lets in the sandbox host alone. */
export const requireHost = Effect.fnUntraced(function* ({ headers }: Request) {
  if (headers.has("origin")) return yield* refused("OriginRejected");
  const given = bearer.exec(headers.get("authorization") ?? "")?.[1];
  if (given === undefined) return yield* refused("TokenMissing");
  const { sandboxes } = yield* WorkerConfig;
  const { host } = sandboxes;
  if (host === null || !(yield* isSameSecret(given, Redacted.value(host.hostToken))))
    return yield* refused("TokenInvalid");
});
