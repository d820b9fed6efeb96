import type { Generation, SandboxName, ThreadId } from "@threadbox/contracts/ids";
import { openCodeFlags } from "@threadbox/contracts/opencode";
import type { StartFile } from "@threadbox/contracts/sandbox-host";
import { Context, Effect } from "effect";
import type { SandboxError } from "./errors.ts";
import type { SnapshotId } from "./provider.ts";

/** The start that is being planned. */
export interface PlannedStart {
  readonly threadId: ThreadId;
  readonly name: SandboxName;
  readonly generation: Generation;
  /** Base address of the egress relay as programs inside see it. */
  readonly egressBaseUrl: string;
  /** The user trusts what lies in the workspace. */
  readonly trustsWorkspace: boolean;
  /** What this generation shows at the worker's sandbox door. */
  readonly credential: string;
}

/** What one slice adds to a start. */
export interface StartContribution {
  /** Variables of OpenCode and of everything it starts. Nothing here may have power outside the sandbox. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Written below the sandbox's home before OpenCode starts, readable by nobody else inside. */
  readonly files?: readonly StartFile[];
  /** Fills the workspace before OpenCode starts, in place of the snapshot of the last sleep. */
  readonly restoreFrom?: SnapshotId;
}

/** A contributor that fails fails the start: a sandbox without what it was promised is not begun. */
export type StartContributor = (start: PlannedStart) => Effect.Effect<StartContribution, SandboxError>;

/** Whoever has something to add to a start. Slices above this one supply theirs; `runtime.ts` lists them. */
export class StartPlan extends Context.Service<StartPlan, readonly StartContributor[]>()(
  "threadbox/worker/sandbox/StartPlan",
) {}

export interface PlannedRequest {
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly StartFile[];
  readonly restoreFrom: SnapshotId | undefined;
}

/** What is decided for every sandbox and by nobody's contribution. */
const reservedNames: ReadonlySet<string> = new Set([
  ...Object.keys(openCodeFlags),
  "OPENCODE_SERVER_PASSWORD",
  "PATH",
  "HOME",
]);
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

const refuseName = (name: string, known: Readonly<Record<string, string>>): void => {
  if (reservedNames.has(name) || !namePattern.test(name)) throw new Error(`A start cannot set ${name}.`);
  if (Object.hasOwn(known, name)) throw new Error(`Two contributions to a start set ${name}.`);
};

/**
 * Asks every contributor, in order, and puts together what they say. Two of them that set one variable, or restore
 * two states, are a fault of ours: a defect.
 */
export const planStart = Effect.fn("planStart")(function* (
  contributors: readonly StartContributor[],
  start: PlannedStart,
) {
  const environment: Record<string, string> = {};
  const files = new Map<string, StartFile>();
  let restoreFrom: SnapshotId | undefined;
  for (const contribute of contributors) {
    const contribution = yield* contribute(start);
    for (const [name, value] of Object.entries(contribution.environment ?? {})) {
      refuseName(name, environment);
      environment[name] = value;
    }
    for (const file of contribution.files ?? []) {
      if (files.has(file.path)) throw new Error(`Two contributions to a start write ${file.path}.`);
      files.set(file.path, file);
    }
    if (restoreFrom !== undefined && contribution.restoreFrom !== undefined) {
      throw new Error("Two contributions to a start restore the workspace.");
    }
    restoreFrom = contribution.restoreFrom ?? restoreFrom;
  }
  return {
    environment,
    files: [...files.values()],
    restoreFrom,
  } satisfies PlannedRequest;
});
