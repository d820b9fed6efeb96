/**
 * The journal of a thread: what happened on its computer, as its owner reads it under Activity. A kind of entry is one row of
 * `JournalDetails` here and one of the page's `journalKinds`; whatever lies between carries it unread. An entry
 * holds no content of a file, no path or query of an address, no value of a secret. Types and limits only, without imports.
 */
export const journalLimits = {
  /** Kept of one thread, the newest. */
  entriesMax: 2_000,
  subjectLengthMax: 300,
  /** The detail as JSON. */
  detailLengthMax: 2_000,
  /** In one answer. */
  pageEntriesMax: 100,
  /** What a search finds, the newest. */
  foundMax: 100,
  queryLengthMax: 100,
} as const;

/** What made a sandbox change. `need`: a turn, or a person who opened something of it. */
export type LifecycleCause =
  | "need"
  | "composing"
  | "restart"
  | "filesRestored"
  | "secretRotated"
  | "idle"
  | "memory"
  | "host"
  | "threadDeleted";

/** What a computer is saved for: a turn is over, it has stopped, or it has been in use for some minutes. */
export type SaveOccasion = "turn" | "end" | "use";
/**
 * Why a connection was refused. `unlisted`: the host is on no list. `closed`: the same, and only an admin may add to it.
 * `narrowed`: the thread reaches its own hosts alone. `insecure`: plain HTTP, or another port than 443. `nameless`: an address
 * in place of a name. `unasked`: who decides could not be asked.
 */
export const egressDenyCauses = ["unlisted", "closed", "narrowed", "insecure", "nameless", "unasked"] as const;
export type EgressDenyCause = (typeof egressDenyCauses)[number];

/** What an entry of each kind says besides its subject and its times. */
export interface JournalDetails {
  /**
   * A stretch of the sandbox's life, from its beginning to `until`; absent while it lasts. Its subject is the sentence that
   * the page shows of it meanwhile.
   */
  readonly lifecycle: {
    readonly stretch: "start" | "work" | "nap" | "sleep" | "recycle" | "failure" | "destruction";
    readonly generation: number;
    readonly cause: LifecycleCause;
    /** Of a start: what came before. */
    readonly after?: "nothing" | "sleep" | "run";
    /** Of a start or of work that has ended: how. */
    readonly end?: "good" | "failed" | "givenUp";
    /** Of a start that ended well: where its time went, in milliseconds. */
    readonly split?: { readonly placeMs: number; readonly computerMs: number; readonly openCodeMs: number };
  };
  /**
   * A save of the computer. Its subject is why it failed, or what it lacks, or empty; attempts that failed one after
   * the other are one entry.
   */
  readonly snapshot: {
    readonly occasion: SaveOccasion;
    readonly end: "saved" | "failed";
    /** Of all snapshots together. */
    readonly bytes?: number;
  };
  /** Connections to one host that were decided alike; its subject is the host, or empty for all hosts beyond a bound. */
  readonly egress: { readonly verdict: "tunnel" | "intercept" | "deny"; readonly cause?: EgressDenyCause };
  /** A change of which hosts the thread may reach; its subject is the rule, or empty where `change` is what it may reach at all. */
  readonly network: { readonly change: "allowed" | "removed" | "common" | "own" };
  /**
   * A run of a program; its subject is empty. `decision`: what a person said of its changes, where one was asked; `files`: how
   * many it would have changed then, `requests`: how many it would have sent.
   */
  readonly program: {
    readonly end: "returned" | "failed";
    readonly calls: number;
    readonly decision?: "applied" | "failed" | "denied" | "expired" | "withdrawn";
    readonly files?: number;
    readonly requests?: number;
    /** Its receipt, whose chain lies in another store: whoever rewrites that one can't rewrite this. */
    readonly receipt?: { readonly sequence: number; readonly hash: string };
  };
}

export type JournalKind = keyof JournalDetails;

/** What is told of something that happened. Times are milliseconds since 1970. */
export type JournalEntry<Kind extends JournalKind = JournalKind> = {
  readonly [K in Kind]: {
    /** Chosen by the writer: the same for what is to be one entry. */
    readonly entryId: string;
    readonly kind: K;
    readonly at: number;
    /** When it ended, or last happened. */
    readonly until?: number;
    /** How often it happened, where that is more than once. */
    readonly count?: number;
    /** Grows with every change of the entry: an older one is no news. */
    readonly revision: number;
    /** What it is about, and what a search looks in. */
    readonly subject: string;
    readonly detail: JournalDetails[K];
  };
}[Kind];

/** An entry on its way to Convex and to the page. */
export type JournalRow = Omit<JournalEntry, "detail" | "kind"> & {
  /** A kind of `JournalDetails`, or one that is younger than the reader. */
  readonly kind: string;
  /** JSON. */
  readonly detail: string;
};
