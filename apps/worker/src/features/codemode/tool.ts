import type { Effect, Schema } from "effect";
import type { ZodType } from "zod";
import type { WorkerConfig } from "../../config.ts";
import type { ConvexClient } from "../../platform/convex-client.ts";
import type { Journal } from "../../platform/journal.ts";
import type { SandboxOutbound } from "../../platform/outbound.ts";
import type { EgressInterceptors, Policies } from "../egress/index.ts";
import type { Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import type { SecretVault } from "../secrets/index.ts";
import type { ToolRefusedError } from "./errors.ts";
import type { RequestWish } from "./held-requests.ts";
import type { ProgramFiles } from "./program-files.ts";
import type { ProgramOwner } from "./program-owner.ts";

/** What a tool may use. */
export type ToolServices =
  | SandboxFiles
  | Sandboxes
  | EgressInterceptors
  | Policies
  | SecretVault
  | WorkerConfig
  | SandboxOutbound
  | ConvexClient
  | Journal;

/** What a program asks its thread's person. */
export interface Question {
  readonly question: string;
  /** Empty: the answer is any text. */
  readonly choices: readonly string[];
}

/** Who calls a tool: a program that runs. */
export interface ToolCaller extends ProgramOwner {
  /** The files of its thread's workspace; asked for the first time they start its sandbox where none runs. */
  readonly workspace: Effect.Effect<ProgramFiles, ToolRefusedError>;
  /** Keeps a request until a person has allowed it; answers with its place in the order of sending. */
  readonly hold: (wish: RequestWish) => Effect.Effect<number, ToolRefusedError, ToolServices>;
  /** Waits for a person's answer, while the clock of the run stands. */
  readonly ask: (question: Question) => Effect.Effect<string, ToolRefusedError>;
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
