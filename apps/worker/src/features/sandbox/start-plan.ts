import type { Generation, SandboxName, ThreadId } from "@threadbox/contracts/ids";
import { openCodeFlags } from "@threadbox/contracts/opencode";
import type { OwnParts, StartFile } from "@threadbox/contracts/sandbox-host";
import { Context, Effect } from "effect";
import type { SandboxError } from "./errors.ts";
import type { SnapshotId } from "./provider.ts";

/** What of a start is known before it is anybody's. */
export interface CommonStart {
  /** Base address of the egress relay as programs inside see it. */
  readonly egressBaseUrl: string;
  /** The user trusts what lies in the workspace. */
  readonly trustsWorkspace: boolean;
  /** What this generation shows at the worker's sandbox door. */
  readonly credential: string;
}

/** The start that is being planned. */
export interface PlannedStart extends CommonStart {
  readonly threadId: ThreadId;
  readonly name: SandboxName;
  readonly generation: Generation;
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

/** The same for every thread but for the credential in its values: a sandbox may be started with it before it is anybody's. */
export type CommonContributor = (start: CommonStart) => Effect.Effect<StartContribution, SandboxError>;

export interface StartContributors {
  readonly common: readonly CommonContributor[];
  /** Programs get their variables, OpenCode itself doesn't need them. */
  readonly own: readonly StartContributor[];
}

/** Whoever has something to add to a start. Slices above this one supply theirs; `runtime.ts` lists them. */
export class StartPlan extends Context.Service<StartPlan, StartContributors>()("threadbox/worker/sandbox/StartPlan") {}

export interface PlannedRequest {
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly StartFile[];
  readonly restoreFrom: SnapshotId | undefined;
  readonly own: OwnParts;
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

/** Puts together what contributors say, one after the other. */
class Gathered {
  readonly environment: Record<string, string> = {};
  readonly files = new Map<string, StartFile>();
  restoreFrom: SnapshotId | undefined;

  add(contribution: StartContribution): void {
    for (const [name, value] of Object.entries(contribution.environment ?? {})) {
      refuseName(name, this.environment);
      this.environment[name] = value;
    }
    for (const file of contribution.files ?? []) {
      if (this.files.has(file.path)) throw new Error(`Two contributions to a start write ${file.path}.`);
      this.files.set(file.path, file);
    }
    if (this.restoreFrom !== undefined && contribution.restoreFrom !== undefined) {
      throw new Error("Two contributions to a start restore the workspace.");
    }
    this.restoreFrom = contribution.restoreFrom ?? this.restoreFrom;
  }
}

const gatherCommon = Effect.fnUntraced(function* (contributors: readonly CommonContributor[], start: CommonStart) {
  const gathered = new Gathered();
  for (const contribute of contributors) gathered.add(yield* contribute(start));
  return gathered;
});

/** What is the same in every thread's start that is nothing special. */
export const planCommon = Effect.fn("planCommon")(function* (
  { common }: Pick<StartContributors, "common">,
  start: CommonStart,
) {
  const { environment, files } = yield* gatherCommon(common, start);
  return { environment, files: [...files.values()] };
});

/**
 * Asks every contributor, in order, and puts together what they say. Two of them that set one variable, or restore
 * two states, are a fault of ours: a defect.
 */
export const planStart = Effect.fn("planStart")(function* ({ common, own }: StartContributors, start: PlannedStart) {
  const gathered = yield* gatherCommon(common, start);
  const before = { variables: Object.keys(gathered.environment).length, files: gathered.files.size };
  for (const contribute of own) gathered.add(yield* contribute(start));
  const { environment, files, restoreFrom } = gathered;
  return {
    environment,
    files: [...files.values()],
    restoreFrom,
    own: {
      credential: start.credential,
      variables: Object.keys(environment).slice(before.variables),
      files: [...files.keys()].slice(before.files),
    },
  } satisfies PlannedRequest;
});
