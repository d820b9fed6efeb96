import { UserId } from "@threadbox/contracts/ids";
import { Effect, Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";
import type { RouteRequest } from "../../http/route.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { isSameSecret } from "../../platform/same-secret.ts";
import { requireUser, type UserDoor } from "../users/index.ts";

const refused = refuser({ TokenInvalid: "The API token isn't valid." });

/** In whose name the API token acts, in limits and in the audit. No identity provider names anybody so. */
export const apiActor = UserId.make("agentpod-api");

/** `service`: shows the API token and acts for every user; `user`: a person, for nobody else. */
export type Caller =
  | { readonly kind: "service"; readonly actorId: UserId }
  | { readonly kind: "user"; readonly actorId: UserId };

/** What the door needs to decide. */
export type CallerDoor = UserDoor | RequestLimits | WorkerConfig;

/** An access token has dots, the API token never does. */
const plainBearer = /^Bearer ([^\s,.]{1,512})$/i;

/** Whoever shows the API token, or is signed in. */
export const requireCaller = Effect.fn("requireCaller")(function* (routed: RouteRequest) {
  const shown = plainBearer.exec(routed.request.headers.get("authorization") ?? "")?.[1];
  if (shown === undefined) {
    const { userId } = yield* requireUser(routed);
    return { kind: "user", actorId: userId } satisfies Caller;
  }
  const { apiToken } = yield* WorkerConfig;
  if (apiToken === null || !(yield* isSameSecret(shown, Redacted.value(apiToken)))) {
    return yield* refused("TokenInvalid");
  }
  const limits = yield* RequestLimits;
  yield* limits.admit("api", { userId: apiActor });
  return { kind: "service", actorId: apiActor } satisfies Caller;
});
