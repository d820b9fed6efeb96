import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Effect, Layer } from "effect";
import { Sandboxes, type SandboxesShape } from "./sandbox.ts";

const unused: SandboxesShape = {
  ensure: () => Effect.die("not used"),
  attach: () => Effect.die("not used"),
  peek: () => Effect.die("not used"),
  wake: () => Effect.void,
  giveUp: () => Effect.die("not used"),
  restart: () => Effect.die("not used"),
  restore: () => Effect.die("not used"),
  beginFrom: () => Effect.die("not used"),
  markCopied: () => Effect.die("not used"),
  renew: () => Effect.die("not used"),
  isTrusted: () => Effect.die("not used"),
  setTrusted: () => Effect.die("not used"),
  find: () => Effect.die("not used"),
  hearEnd: () => Effect.die("not used"),
  chooseProvider: () => Effect.die("not used"),
  providerOf: () => Effect.die("not used"),
  hearNap: () => Effect.die("not used"),
  reconsiderEgress: () => Effect.die("not used"),
  isCurrent: () => Effect.die("not used"),
};

/** Sandboxes of which a test asks only whether a generation is the one that runs. */
export const runningSandboxes = (isCurrent: (threadId: ThreadId, generation: Generation) => boolean) =>
  Layer.succeed(Sandboxes, {
    ...unused,
    isCurrent: (threadId, generation) => Effect.sync(() => isCurrent(threadId, generation)),
  });

/** Sandboxes of which a test asks only what runs right now. */
export const peekedSandboxes = (peek: SandboxesShape["peek"]) => Layer.succeed(Sandboxes, { ...unused, peek });
