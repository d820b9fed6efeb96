import { Schema } from "effect";
import { isBranchName, repositoryLimits } from "./repository-url.ts";

/** Body of `POST /api/sandbox/:threadId/repository`: what an empty workspace is to be filled with. */
export const CloneRepository = Schema.Struct({
  /** As `readRepositoryUrl` takes it. */
  url: Schema.String.check(Schema.isMaxLength(repositoryLimits.urlLengthMax)),
  /** A branch or tag; the repository's own choice where absent. */
  branch: Schema.optionalKey(Schema.String.check(Schema.makeFilter(isBranchName))),
  /** Of the history, the newest commit alone. */
  isShallow: Schema.optionalKey(Schema.Boolean),
});
export type CloneRepository = typeof CloneRepository.Type;

/**
 * Why a clone failed. `blocked`: the thread may not reach the host. `unreachable`: nobody answers there. `private`: it
 * isn't there, or not for everybody. `certificate`: the host can't prove who it is. `interrupted`: the sandbox was ended.
 */
export const CloneProblem = Schema.Literals([
  "blocked",
  "unreachable",
  "private",
  "branch",
  "certificate",
  "full",
  "slow",
  "interrupted",
  "other",
]);
export type CloneProblem = typeof CloneProblem.Type;

export const CloneStep = Schema.Literals(["connecting", "counting", "receiving", "resolving", "writing"]);
export type CloneStep = typeof CloneStep.Type;

/** What a repository would have run by itself, were it trusted. */
export const WouldRun = Schema.Struct({
  /** Relative to the workspace. */
  path: Schema.String,
  /** By whom: OpenCode on opening it, the agent as instructions, the package manager on installing, git, the shell or an editor. */
  by: Schema.Literals(["opencode", "agent", "install", "git", "shell", "editor"]),
});
export type WouldRun = typeof WouldRun.Type;

/** Most entries of `wouldRun`. */
export const wouldRunMax = 50;

/** Whether OpenCode and the agent take anything from the workspace, and what that would be. */
export const WorkspaceTrust = Schema.Struct({
  isTrusted: Schema.Boolean,
  wouldRun: Schema.Array(WouldRun),
});
export type WorkspaceTrust = typeof WorkspaceTrust.Type;

/** Body of `PUT /api/sandbox/:threadId/trust`. What runs is started anew where this is a change. */
export const SetTrust = Schema.Struct({ isTrusted: Schema.Boolean });
export type SetTrust = typeof SetTrust.Type;

/** How it stands with the repository that the workspace was to begin with. */
export const CloneState = Schema.Union([
  Schema.Struct({ status: Schema.Literal("none") }),
  Schema.Struct({
    status: Schema.Literal("running"),
    url: Schema.String,
    step: CloneStep,
    /** Of the step; absent where git does not know. */
    percent: Schema.optionalKey(Schema.Int),
    /** What has come so far, in git's words: "12.3 MiB". */
    received: Schema.optionalKey(Schema.String),
  }),
  Schema.Struct({
    status: Schema.Literal("failed"),
    url: Schema.String,
    problem: CloneProblem,
    /** What git said last, where that helps. */
    detail: Schema.optionalKey(Schema.String),
  }),
  Schema.Struct({
    status: Schema.Literal("done"),
    url: Schema.String,
    /** Null in a repository without a commit. */
    commit: Schema.NullOr(Schema.String),
    branch: Schema.NullOr(Schema.String),
    /** It names submodules, which are not fetched. */
    hasSubmodules: Schema.Boolean,
    wouldRun: Schema.Array(WouldRun),
  }),
]);
export type CloneState = typeof CloneState.Type;
