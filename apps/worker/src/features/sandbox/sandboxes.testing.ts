import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Effect, Layer } from "effect";
import { Sandboxes } from "./sandbox.ts";

/** Sandboxes of which a test asks only whether a generation is the one that runs. */
export const runningSandboxes = (isCurrent: (threadId: ThreadId, generation: Generation) => boolean) =>
  Layer.succeed(Sandboxes, {
    ensure: () => Effect.die("not used"),
    attach: () => Effect.die("not used"),
    peek: () => Effect.die("not used"),
    wake: () => Effect.void,
    giveUp: () => Effect.die("not used"),
    restart: () => Effect.die("not used"),
    restore: () => Effect.die("not used"),
    renew: () => Effect.die("not used"),
    find: () => Effect.die("not used"),
    markCopied: () => Effect.die("not used"),
    hearEnd: () => Effect.die("not used"),
    reconsiderEgress: () => Effect.die("not used"),
    isCurrent: (threadId, generation) => Effect.sync(() => isCurrent(threadId, generation)),
  });
