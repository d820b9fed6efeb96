import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Effect } from "effect";
import { z } from "zod";
import { defineTool } from "../tool.ts";

/** Of each stream: both together fit into what a tool may answer. */
const shownMax = codemodeLimits.outputBytesMax / 8;

export const exec = defineTool({
  namespace: "codemode",
  name: "exec",
  mark: "writes",
  description: "Runs a command with bash in the workspace, inside the sandbox: exitCode, stdout, stderr",
  input: z.object({
    command: z.string().min(1).max(32_768),
    timeoutMs: z.int().min(1).max(codemodeLimits.wallMs).default(codemodeLimits.wallMs),
  }),
  run: Effect.fn("codemode.exec")(function* ({ command, timeoutMs }, caller) {
    const workspace = yield* caller.workspace;
    const result = yield* workspace.command({ argv: ["bash", "-c", command], timeoutMs });
    const { exitCode, stdout, stderr, isTruncated, isTimedOut } = result;
    const isCut = isTruncated || Math.max(stdout.length, stderr.length) > shownMax;
    return { exitCode, stdout: stdout.slice(0, shownMax), stderr: stderr.slice(0, shownMax), isTimedOut, isCut };
  }),
});
