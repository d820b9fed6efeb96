import type { ErrorTag } from "@threadbox/contracts/errors";
import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import type { EnsureSandbox, HostedSandbox } from "@threadbox/contracts/sandbox-host";
import type { RunningSandbox } from "../engines/engine.ts";
import type { Nap } from "./nap.ts";
import type { Rester } from "./nap-decision.ts";
import type { Occupant } from "./place-decision.ts";
import type { UseRecord } from "./use.ts";
import { watchBytes } from "./watch-bytes.ts";

/** What runs of a start. */
export interface Run {
  readonly sandbox: RunningSandbox;
  /** The same for whoever uses it: every byte that goes through it counts. */
  readonly used: RunningSandbox;
  readonly nap: Nap;
}

/** One start of one sandbox, from the request to its end. */
export interface Start {
  readonly generation: Generation;
  readonly owner: EnsureSandbox["owner"];
  readonly abort: AbortController;
  readonly use: UseRecord;
  status: HostedSandbox["status"];
  reason: string;
  /** Why the start failed, where there is a word for it. */
  tag?: ErrorTag;
  /** Why the host abandoned the start. */
  failure?: string;
  startedInMs?: number;
  run?: Run;
  /** Settles when the start is decided: ready, or failed with the reason in `status`. Never rejects. */
  decided: Promise<void>;
}

export const usedSandbox = (sandbox: RunningSandbox, note: () => void): RunningSandbox => ({
  ...sandbox,
  connect: (port) => watchBytes(sandbox.connect(port), note),
});

export const describeStart = (name: SandboxName, start: Start): HostedSandbox => {
  const nap = start.status === "ready" ? start.run?.nap.cause : undefined;
  return {
    name,
    generation: start.generation,
    status: start.status,
    reason: start.reason,
    ...(start.startedInMs === undefined ? {} : { startedInMs: start.startedInMs }),
    ...(nap === undefined || nap === null ? {} : { nap }),
    ...(start.run?.sandbox.wasWarm === undefined ? {} : { wasWarm: start.run.sandbox.wasWarm }),
  };
};

/** The starts that have a place on the machine. */
export const occupantsOf = (starts: ReadonlyMap<SandboxName, Start>): readonly Occupant[] =>
  [...starts]
    .filter(([, { status }]) => status === "starting" || status === "ready")
    .map(
      ([
        name,
        {
          status,
          use: { openUses, usedAt },
        },
      ]) => ({ name, isReady: status === "ready", openUses, usedAt }),
    );

/** How many sandboxes of threads start or run, and whether any of them starts or waits for a place. */
export interface Threads {
  readonly occupants: number;
  readonly areStarting: boolean;
}

export const threadsOf = (starts: ReadonlyMap<SandboxName, Start>, isPlaceAsked: boolean): Threads => {
  const occupants = occupantsOf(starts);
  return { occupants: occupants.length, areStarting: isPlaceAsked || occupants.some(({ isReady }) => !isReady) };
};

export const resterOf = (name: SandboxName, { use }: Start, { nap }: Run): Rester => {
  const { openUses, heldUses, usedAt, stirredAt } = use;
  return { name, isNapping: nap.cause !== null, openUses, heldUses, usedAt, stirredAt };
};
