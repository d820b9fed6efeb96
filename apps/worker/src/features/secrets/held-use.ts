import { waitUntil } from "cloudflare:workers";
import type { SecretId } from "@threadbox/contracts/secrets";
import { Effect } from "effect";
import { newSecretText } from "../../platform/ids.ts";
import { vaultRef } from "./refs.ts";

/** A version that an open request was given. */
export interface HeldUse {
  /** Aborts when the version may not be used any more. */
  readonly ended: AbortSignal;
  /** The request is over. May be called again. */
  readonly release: () => void;
}

/**
 * Watches a version for as long as a request that was given it is open. While the vault can't be reached the request goes
 * on, and the vault is asked again: what it has is what it was given in good order.
 */
export const holdUse = Effect.fnUntraced(function* (
  env: Pick<Env, "VAULT">,
  of: { readonly secretId: SecretId; readonly version: number },
) {
  const useId = newSecretText(16);
  const abort = new AbortController();
  const ask = Effect.tryPromise(async () => vaultRef(env).watchUse(useId, of)).pipe(
    Effect.catch(() => Effect.as(Effect.sleep("1 second"), true)),
  );
  const watch = Effect.gen(function* () {
    while (yield* ask);
    abort.abort(new Error("The secret of this request has ended."));
  });
  const fiber = yield* Effect.forkDetach(watch);
  let isOpen = true;
  const release = () => {
    if (!isOpen) return;
    isOpen = false;
    fiber.interruptUnsafe();
    waitUntil(
      vaultRef(env)
        .endUse(useId)
        .catch(() => {}),
    );
  };
  return { ended: abort.signal, release } satisfies HeldUse;
});

/** Changes a body as it passes. */
export interface PieceChange {
  /** What is passed on for that piece; empty: nothing yet. */
  readonly pass: (piece: Uint8Array) => Uint8Array;
  /** What was kept back, at the end of the body. */
  readonly rest: () => Uint8Array;
}

/** The same answer, as `change` has it; its uses are over when it is, and it is over when one of them ends. */
export const whileHeld = (
  response: Response,
  uses: readonly HeldUse[],
  change: PieceChange | null = null,
): Response => {
  if (uses.length === 0) return response;
  const release = () => {
    for (const use of uses) use.release();
  };
  if (response.body === null) {
    release();
    return response;
  }
  const reader = response.body.getReader();
  const read = () =>
    reader.read().catch((error: unknown) => {
      release();
      throw error;
    });
  const ended = AbortSignal.any(uses.map((use) => use.ended));
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      // At once, also while the host is silent: nothing that it still says is passed on.
      const cut = () => {
        controller.error(ended.reason);
        reader.cancel(ended.reason).catch(() => {});
        release();
      };
      if (ended.aborted) cut();
      else ended.addEventListener("abort", cut);
    },
    pull: async (controller) => {
      for (;;) {
        const piece = await read();
        if (ended.aborted) return;
        const passed = piece.done ? change?.rest() : (change?.pass(piece.value) ?? piece.value);
        if (passed !== undefined && passed.length > 0) controller.enqueue(passed);
        if (piece.done) {
          controller.close();
          release();
          return;
        }
        if (passed !== undefined && passed.length > 0) return;
      }
    },
    cancel: (reason) => {
      release();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
};
