import type { Measure } from "../../platform/metrics/series.ts";
import type { SandboxRecord } from "./record.ts";

/**
 * What operators are told of a start that has come to its end: `before` is the thread's sandbox as it was, `tookS` the time from
 * the asking in seconds, `wasWarm` whether a sandbox that was started beforehand has met it, where one could have.
 */
export const measuresOfStart = (
  before: SandboxRecord | null,
  tookS: number,
  wasWarm: boolean | undefined,
): readonly Measure[] => [
  { kind: "count", name: "sandbox.starts" },
  ...(before === null
    ? ([
        { kind: "count", name: "sandbox.created" },
        { kind: "value", name: "sandbox.create_latency", value: tookS },
      ] as const)
    : []),
  ...(before?.status === "asleep" ? [{ kind: "value", name: "sandbox.wake_latency", value: tookS } as const] : []),
  ...(wasWarm === undefined
    ? []
    : [{ kind: "count", name: wasWarm ? "sandbox.warm_hits" : "sandbox.warm_misses" } as const]),
];
