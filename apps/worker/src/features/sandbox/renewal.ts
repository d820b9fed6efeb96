import type { Generation } from "@threadbox/contracts/ids";
import { openCodePort, openCodeUser } from "@threadbox/contracts/opencode";
import { Effect } from "effect";
import { Base64 } from "effect/encoding";
import { type SandboxError, SandboxUnavailableError } from "./errors.ts";
import type { SandboxProviderShape } from "./provider.ts";
import type { RunningSandbox } from "./running-sandbox.ts";

/** What came of starting a sandbox again. */
export interface Renewal {
  readonly before: Generation;
  readonly after: Generation;
  /** From the end of the one start to the first answer of the other, in milliseconds. */
  readonly downMs: number;
}

type Start = Omit<RunningSandbox, "provider">;

const refusedStatus = 401;

const statusFor = (provider: SandboxProviderShape, { name, generation }: Start, password: string) =>
  provider
    .fetchPort(name, {
      port: openCodePort,
      generation,
      path: "/global/health",
      init: { headers: { authorization: `Basic ${Base64.encode(`${openCodeUser}:${password}`)}` } },
    })
    .pipe(
      Effect.tap(({ body }) => Effect.promise(async () => body?.cancel())),
      Effect.map(({ status }) => status),
    );

/** OpenCode of the new start answers to its own password, and the one before opens nothing any more. */
export const provePasswords = Effect.fnUntraced(function* (
  provider: SandboxProviderShape,
  before: Start,
  after: Start,
): Effect.fn.Return<void, SandboxError> {
  const fails = (reason: string) => new SandboxUnavailableError({ reason });
  if ((yield* statusFor(provider, after, after.password)) === refusedStatus)
    return yield* fails("OpenCode runs again, but not with its new password.");
  if ((yield* statusFor(provider, after, before.password)) !== refusedStatus)
    return yield* fails("OpenCode runs again, but its old password still opens it.");
});
