import { Schema } from "effect";

/** Bounds of what is told of the programs in a sandbox. */
export const processLimits = {
  shownMax: 100,
  commandLengthMax: 300,
} as const;

/**
 * A command that runs in a sandbox, with everything it started. `agent`: of a turn; `terminal`: typed in a terminal;
 * `background`: whoever started it has ended.
 */
export const RunningCommand = Schema.Struct({
  /** Of its first process, as the sandbox counts. */
  pid: Schema.Int,
  /** When that began, in clock ticks of its machine: with the pid it names one process and no later one. */
  startTicks: Schema.Int,
  by: Schema.Literals(["agent", "terminal", "background"]),
  /** As it was typed, as far as that can be told. */
  command: Schema.String,
  /** Milliseconds since it began. */
  ageMs: Schema.Number,
  /** Time of a processor that it and what it started have used, in milliseconds. */
  cpuMs: Schema.Number,
  /** Memory that it and what it started have in use. */
  memoryBytes: Schema.Number,
  /** Processes, itself among them. */
  processes: Schema.Int,
});
export type RunningCommand = typeof RunningCommand.Type;

/** Answer of `GET /api/sandbox/:threadId/processes`; none where no sandbox runs. Looking starts nothing and keeps nothing awake. */
export const RunningCommands = Schema.Struct({ commands: Schema.Array(RunningCommand) });
export type RunningCommands = typeof RunningCommands.Type;
