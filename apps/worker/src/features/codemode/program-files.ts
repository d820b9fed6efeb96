import type { ProgramPolicy } from "@threadbox/contracts/program-approval";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import { type ViewedChange, WorkspaceView } from "./workspace-view.ts";

/** The workspace as a program's tools have it. */
export interface ProgramFiles {
  /** `exec` is for programs of ours that only read. */
  readonly files: Pick<WorkspaceFiles, "read" | "write" | "list" | "exec">;
  /** What the program has changed so far and nobody else sees. */
  readonly changes: () => readonly ViewedChange[];
  /** Runs a command of the program's. */
  readonly command: (request: ExecRequest) => Effect.Effect<ExecResult, ToolRefusedError>;
}

const noCommands =
  "This computer can't try a command on a copy, so programs run none here unless the person lets them, which the card of this run offers. Use the shell, or write files with workspace.write and workspace.edit.";

/** As the thread's policy has it: everything counts at once, or waits in a view until a person has seen it. */
export const programFiles = (real: WorkspaceFiles, { writes }: ProgramPolicy): ProgramFiles => {
  if (writes === "always") {
    const command = (request: ExecRequest) => Effect.mapError(real.exec(request), asRefusal);
    return { files: real, changes: () => [], command };
  }
  const view = new WorkspaceView(real);
  return {
    files: view.files,
    changes: () => view.changes(),
    command: (request) =>
      Effect.mapError(view.command(request), (error) =>
        error._tag === "CapabilityUnsupportedError"
          ? new ToolRefusedError({ message: noCommands, lacks: "trial" })
          : asRefusal(error),
      ),
  };
};
