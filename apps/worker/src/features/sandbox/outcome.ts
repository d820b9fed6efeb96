import { Effect, Schema } from "effect";
import { SandboxError } from "./errors.ts";

/** How a Durable Object answers: errors as plain values, because an exception loses its class on the way. */
export type Outcome<A> =
  | { readonly isOk: true; readonly value: A }
  | { readonly isOk: false; readonly error: typeof SandboxError.Encoded };

const encodeError = Schema.encodeSync(SandboxError);
const decodeError = Schema.decodeUnknownSync(SandboxError);

export const encodeOutcome = <A, R>(effect: Effect.Effect<A, SandboxError, R>): Effect.Effect<Outcome<A>, never, R> =>
  Effect.match(effect, {
    onSuccess: (value): Outcome<A> => ({ isOk: true, value }),
    onFailure: (error): Outcome<A> => ({ isOk: false, error: encodeError(error) }),
  });

export const decodeOutcome = <A>(outcome: Outcome<A>): Effect.Effect<A, SandboxError> =>
  outcome.isOk ? Effect.succeed(outcome.value) : Effect.fail(decodeError(outcome.error));
