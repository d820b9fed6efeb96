import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import type { Effect, Schema } from "effect";
import type { ZodType } from "zod";
import type { WorkerConfig } from "../../config.ts";
import type { Journal } from "../../platform/journal.ts";
import type { Outbound } from "../../platform/outbound.ts";
import type { EgressInterceptors, Policies } from "../egress/index.ts";
import type { Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import type { SecretVault } from "../secrets/index.ts";
import type { ToolRefusedError } from "./errors.ts";
import type { ProgramFiles } from "./program-files.ts";

/** What a tool may use. */
export type ToolServices =
  | SandboxFiles
  | Sandboxes
  | EgressInterceptors
  | Policies
  | SecretVault
  | WorkerConfig
  | Outbound
  | Journal;

/** Whose program it is. */
export interface ProgramOwner {
  readonly threadId: ThreadId;
  readonly requestId: string;
  /** The generation whose sandbox asks; null: nobody in a sandbox does. */
  readonly generation: Generation | null;
}

/** Who calls a tool: a program that runs. */
export interface ToolCaller extends ProgramOwner {
  /** The files of its thread's workspace; asked for the first time they start its sandbox where none runs. */
  readonly workspace: Effect.Effect<ProgramFiles, ToolRefusedError>;
}

/**
 * What a call does to the world. `reads`: nothing. `writes`: it changes the thread's own computer, whose wall is the
 * sandbox. `sends`: something leaves that only this thread has.
 */
export type ToolMark = "reads" | "writes" | "sends";

/** One tool of a program. `input` judges the argument before `run` sees it. */
export interface ProgramTool<Input = unknown> {
  readonly namespace: string;
  readonly name: string;
  readonly mark: ToolMark;
  readonly description: string;
  readonly input: ZodType<Input>;
  readonly run: (input: Input, caller: ToolCaller) => Effect.Effect<Schema.Json, ToolRefusedError, ToolServices>;
}

/** Ties a tool's schema to what it runs with; the list of all tools knows neither. */
export const defineTool = <Input>(tool: ProgramTool<Input>): ProgramTool => tool as ProgramTool;
