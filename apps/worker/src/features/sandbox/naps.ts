import type { Generation } from "@threadbox/contracts/ids";
import type { NapCause } from "@threadbox/contracts/sandbox-host";
import { Clock, Effect } from "effect";
import { SandboxProvider } from "./provider.ts";
import { isRunning, type SandboxRecord } from "./record.ts";
import type { ReportedRecord } from "./reported-record.ts";

const napReasons: Readonly<Record<NapCause, string>> = {
  idle: "Napping: not used for a while.",
  memory: "Napping: the machine is short of memory.",
};

/** What the lifecycle does about the rest of a sandbox that runs: its naps, and a new OpenCode between turns. */
export const makeNaps = Effect.fnUntraced(function* ({ read, patch, change, tell }: ReportedRecord) {
  const provider = yield* SandboxProvider;

  /** The host alone says that a sandbox naps; a turn says that it doesn't. */
  const settleNap = Effect.fnUntraced(function* (record: SandboxRecord, nap: NapCause | null) {
    if (nap === null && record.status === "napping") yield* change(record, "ready", "The sandbox is ready.");
    if (nap !== null && record.status === "ready") yield* change(record, "napping", napReasons[nap], { cause: nap });
  });

  const hearNap = Effect.fnUntraced(function* (generation: Generation, nap: NapCause | null) {
    const record = read();
    if (isRunning(record) && record.generation === generation) yield* settleNap(record, nap);
  });

  /** Only while nobody uses it; whoever needs it meanwhile waits for the lifecycle's lock. */
  const recycle = Effect.fnUntraced(function* (record: SandboxRecord) {
    patch(record, { mayHaveGrown: false });
    const at = yield* Clock.currentTimeMillis;
    const { isRecycled, memoryMib } = yield* provider.recycle(record.name, record.generation);
    if (!isRecycled) return;
    const until = yield* Clock.currentTimeMillis;
    yield* tell(record.threadId, {
      entryId: `lifecycle:${record.generation}:recycle:${at}`,
      kind: "lifecycle",
      at,
      until,
      revision: until,
      subject: `OpenCode had grown to ${memoryMib} MB and was started anew. Nothing else was touched.`,
      detail: { stretch: "recycle", generation: record.generation, cause: "memory" },
    });
  });

  return { settleNap, hearNap, recycle };
});
