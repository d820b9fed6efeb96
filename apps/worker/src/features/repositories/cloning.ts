import type { CloneState } from "@threadbox/contracts/repository";
import { readRepositoryUrl } from "@threadbox/contracts/repository-url";
import { Effect } from "effect";
import type { WorkspaceFiles } from "../sandbox/index.ts";
import { type CloneOrder, cloneExit, readProgram, startProgram, waitProgram } from "./clone-program.ts";
import { refused, urlRefusals } from "./errors.ts";
import { readClone } from "./read-clone.ts";
import { findWouldRun } from "./would-run.ts";

/** How it stands with the workspace's repository. */
export const cloneState = Effect.fn("cloneState")(function* (files: WorkspaceFiles) {
  const heard = readClone(yield* files.exec(readProgram));
  const state: CloneState = heard.status === "done" ? { ...heard, ...(yield* findWouldRun(files)) } : heard;
  return state;
});

/** The address that is meant, where it may be cloned from: to be asked before a sandbox is started for it. */
export const requireRepository = Effect.fnUntraced(function* (typed: string) {
  const read = readRepositoryUrl(typed);
  return "problem" in read ? yield* urlRefusals[read.problem]() : read.url;
});

/** Begins to clone into an empty workspace. */
export const cloneInto = Effect.fn("cloneInto")(function* (files: WorkspaceFiles, order: CloneOrder) {
  const url = yield* requireRepository(order.url);
  const { exitCode } = yield* files.exec(startProgram({ ...order, url }));
  if (exitCode === cloneExit.isRunning) return yield* refused("AlreadyRunning");
  if (exitCode === cloneExit.isNotEmpty) return yield* refused("Conflict");
  if (exitCode !== 0) return yield* refused("SandboxUnavailable");
});

/** A minute each. */
const waitsMax = 16;

/** The state once nothing is being cloned any more. */
export const settledClone = Effect.fn("settledClone")(function* (files: WorkspaceFiles) {
  for (let waits = 0; waits < waitsMax; waits += 1) {
    yield* files.exec(waitProgram);
    const state = yield* cloneState(files);
    if (state.status !== "running") return state;
  }
  return yield* cloneState(files);
});
