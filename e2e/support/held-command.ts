import { randomInt } from "node:crypto";
import { expect } from "@playwright/test";
import { type Installation, main } from "./addresses.ts";
import { sandboxProcesses } from "./processes.ts";

/** A command that stands still in the middle until the test lets it go on: a turn that runs for as long as it must. */
export interface HeldCommand {
  readonly command: string;
  /** The same as a message to the demo model. */
  readonly message: string;
  /** What stands still, as the sandbox's process list has it. */
  readonly standstill: string;
  readonly release: () => Promise<void>;
}

/** Printing is done by the shell itself, so the text is there once the standstill is reached. */
export const heldCommand = (before: string, after: string, installation: Installation = main): HeldCommand => {
  const standstill = `sleep ${randomInt(10_000_000, 99_999_999)}`;
  const command = `${before}; ${standstill}; ${after}`;
  return {
    command,
    message: `$ ${command}`,
    standstill,
    release: async () => {
      const find = () => sandboxProcesses(installation).find(({ commandLine }) => commandLine === standstill)?.pid;
      await expect.poll(find, `${standstill} runs in a sandbox`).toBeDefined();
      process.kill(find() ?? 0, "SIGTERM");
    },
  };
};

/** Prints `line <from>` … `line <to>`. */
export const lines = (from: number, to: number): string => `for i in $(seq ${from} ${to}); do echo "line $i"; done`;
