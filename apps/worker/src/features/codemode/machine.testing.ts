import { Layer } from "effect";
import { type MachineEnd, type MachineRun, ProgramMachine } from "./machine.ts";

/** A machine that stands in for the real one: the test is the program. It hears what it was given to run. */
export const machineOf = (program: (run: MachineRun) => Promise<MachineEnd>): Layer.Layer<ProgramMachine> =>
  Layer.succeed(ProgramMachine, { run: program });

/** Ends as a program that returned this. */
export const returned = (result: Extract<MachineEnd, { type: "returned" }>["result"]): MachineEnd => ({
  type: "returned",
  result,
  logs: [],
});

/** How a call goes, as the program would see it. */
export const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (result) => ({ result }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
