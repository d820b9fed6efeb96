import { Generation } from "@threadbox/contracts/ids";
import type { JournalDetails, JournalEntry, LifecycleCause } from "@threadbox/contracts/journal";
import type { SandboxStatus } from "@threadbox/contracts/sandbox";
import { Schema } from "effect";

export const Cause = Schema.Literals([
  "need",
  "restart",
  "composing",
  "filesRestored",
  "secretRotated",
  "idle",
  "memory",
  "host",
  "threadDeleted",
] satisfies LifecycleCause[]);

/** A start, work or nap that is under way: what the journal knows of it already. */
export const Stretch = Schema.Struct({
  stretch: Schema.Literals(["start", "work", "nap"]),
  at: Schema.Number,
  generation: Generation,
  cause: Cause,
  after: Schema.optionalKey(Schema.Literals(["nothing", "sleep", "run"])),
});
export type Stretch = typeof Stretch.Type;

type Told = JournalEntry<"lifecycle">;
type Lifecycle = JournalDetails["lifecycle"];
/** Where the time of a start went. */
export type StartSplit = NonNullable<Lifecycle["split"]>;

/** A state of the sandbox, as far as the journal has an interest in it. */
export interface LivedState {
  readonly status: SandboxStatus;
  readonly generation: Generation;
  readonly reason: string;
  readonly since: number;
  readonly cause?: LifecycleCause;
  readonly stretch?: Stretch;
}

const usualCauses: Readonly<Partial<Record<SandboxStatus, LifecycleCause>>> = {
  asleep: "host",
  napping: "idle",
  failed: "host",
  destroyed: "threadDeleted",
};

const causeOf = ({ cause, status }: LivedState): LifecycleCause => cause ?? usualCauses[status] ?? "need";

const afterOf = (previous: LivedState | null): NonNullable<Stretch["after"]> => {
  if (previous === null) return "nothing";
  return previous.status === "asleep" ? "sleep" : "run";
};

/** What begins with this state and lasts. */
const begun = (previous: LivedState | null, next: LivedState): Stretch | null => {
  const { status, since: at, generation } = next;
  const cause = causeOf(next);
  if (status === "starting") return { stretch: "start", at, generation, cause, after: afterOf(previous) };
  const stretch = status === "busy" ? "work" : status === "napping" ? "nap" : null;
  return stretch === null ? null : { stretch, at, generation, cause };
};

const instants = { asleep: "sleep", failed: "failure", destroyed: "destruction" } as const;

const isInstant = (status: SandboxStatus): status is keyof typeof instants => Object.hasOwn(instants, status);

const entryOf = (at: number, { since, reason }: LivedState, detail: Lifecycle, until?: number): Told => ({
  entryId: `lifecycle:${detail.generation}:${detail.stretch}:${at}`,
  kind: "lifecycle",
  at,
  ...(until === undefined ? {} : { until }),
  revision: since,
  subject: reason,
  detail,
});

const endOf = ({ stretch }: Stretch, { status }: LivedState): NonNullable<Lifecycle["end"]> => {
  if (status === "ready" || status === "busy") return "good";
  return status === "asleep" && stretch === "start" ? "givenUp" : "failed";
};

const ended = ({ at, ...open }: Stretch, next: LivedState, split?: StartSplit): Told => {
  // What follows on a nap says itself how it is.
  if (open.stretch === "nap") return entryOf(at, next, open, next.since);
  const end = endOf({ at, ...open }, next);
  return entryOf(at, next, { ...open, end, ...(end === "good" && split !== undefined ? { split } : {}) }, next.since);
};

/** What the journal is told of a new state, and what is under way from now on. */
export const tellState = (
  previous: LivedState | null,
  next: LivedState,
  split?: StartSplit,
): { readonly entries: readonly Told[]; readonly stretch: Stretch | null } => {
  const open = previous?.stretch;
  const goesOn = previous?.status === next.status && previous.generation === next.generation;
  if (open !== undefined && goesOn) {
    const { at, ...detail } = open;
    return { entries: [entryOf(at, next, detail)], stretch: open };
  }
  const entries = open === undefined ? [] : [ended(open, next, split)];
  const stretch = begun(previous, next);
  if (stretch !== null) {
    const { at, ...detail } = stretch;
    return { entries: [...entries, entryOf(at, next, detail)], stretch };
  }
  // A start that failed says so itself.
  if (!isInstant(next.status) || (open?.stretch === "start" && next.status !== "destroyed")) {
    return { entries, stretch };
  }
  const instant = { stretch: instants[next.status], generation: next.generation, cause: causeOf(next) };
  return { entries: [...entries, entryOf(next.since, next, instant)], stretch };
};
