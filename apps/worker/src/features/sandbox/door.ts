import type { SandboxCredentialClaims } from "@threadbox/contracts/sandbox-credential";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";
import { Sandboxes } from "./sandbox.ts";
import { verifySandboxCredential } from "./sandbox-credential.ts";

/** The sandbox shows no credential, a wrong one, or one of a generation that has ended. */
const refused = refuser({
  TokenMissing: "A sandbox credential is needed.",
  TokenInvalid: "The sandbox credential is not valid, or its sandbox does not run any more.",
  OriginRejected: "Only a sandbox may ask here.",
});

/** The sandbox that asks, as proven by its credential. */
export type AuthorizedSandbox = Pick<SandboxCredentialClaims, "sandbox_name" | "thread_id" | "generation">;

/** What the door needs to decide. */
export type SandboxDoor = WorkerConfig | Sandboxes;

const bearer = /^Bearer ([A-Za-z0-9_.-]+)$/;

/**
 * Lets a request in only with the credential of a sandbox generation that still runs. A browser never has one, so a
 * request with an `Origin` is refused whatever it carries.
 */
export const requireSandbox = Effect.fnUntraced(function* (request: Request) {
  if (request.headers.has("origin")) return yield* refused("OriginRejected");
  const credential = bearer.exec(request.headers.get("authorization") ?? "")?.[1];
  if (credential === undefined) return yield* refused("TokenMissing");
  const { sandboxCredentialKey } = yield* WorkerConfig;
  const { sandbox_name, thread_id, generation } = yield* verifySandboxCredential(credential, sandboxCredentialKey);
  const sandboxes = yield* Sandboxes;
  const isCurrent = yield* sandboxes.isCurrent(thread_id, generation);
  if (!isCurrent) return yield* refused("TokenInvalid");
  return { sandbox_name, thread_id, generation } satisfies AuthorizedSandbox;
});
