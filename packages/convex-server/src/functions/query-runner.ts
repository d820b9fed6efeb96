import type { JSONValue } from "convex/values";
import { CommitLog } from "../storage/commit-log.ts";
import type { Store } from "../storage/store.ts";
import { ReadSet } from "../transaction/read-set.ts";
import { isObject } from "../values/field-path.ts";
import { type Answer, type Call, isLost, lostRunsMax, type Reporter } from "./answers.ts";
import type { Deployment } from "./deployment.ts";
import { canonicalPath } from "./registry.ts";
import type { Reading } from "./runtime/messages.ts";
import { isSystemPath, type ServerFacts, systemQueryOfServer } from "./system-queries.ts";
import type { CallLimits } from "./watchdog.ts";
import type { WorkerHost } from "./worker-host.ts";

export interface QueryRunnerOptions {
  readonly store: Store;
  /** The version of the code that new calls run. */
  readonly deployment: () => Deployment;
  readonly reporter: Reporter;
  readonly limits: CallLimits;
  /** What the server's own queries tell of. */
  readonly facts: (deployment: Deployment) => ServerFacts;
  /** Told of an answer that a commit changed while it was made. */
  readonly onOvertaken: () => void;
}

export interface QueryCall extends Call {
  /** Where the page of an earlier run of the same query ended. */
  readonly journal?: string | null;
}

export type QueryAnswer = Answer & {
  /** Where the page that it read ends; null when it read none. */
  readonly journal: string | null;
  /** What the answer depends on; nothing where the query did not come to an end. */
  readonly reads: ReadSet;
  /** Whether the caller's identity was asked for: then the answer is theirs alone. */
  readonly hasReadIdentity: boolean;
  /** Timestamp of the state that it tells of. */
  readonly timestamp: bigint;
  /** Timestamp of the first commit that has changed it; null while it stands. */
  readonly staleFrom: bigint | null;
};

interface Attempt {
  readonly answer: Answer;
  readonly reading: Reading | null;
}

const argsOf = (args: JSONValue): Readonly<Record<string, JSONValue>> =>
  isObject(args) ? (args as Record<string, JSONValue>) : {};

const unread: Reading = { timestamp: 0n, ranges: [], hasReadIdentity: true, journal: null };

/** Runs queries, each on the state that its thread finds when it begins, while commits go on. */
export class QueryRunner {
  readonly #options: QueryRunnerOptions;
  readonly #log = new CommitLog();

  constructor(options: QueryRunnerOptions) {
    this.#options = options;
    options.store.onCommit((writes, timestamp) => this.#log.add(writes, timestamp));
  }

  /**
   * The answer tells of a state that is no older than the call. `onAnswer` is told in the turn from which on a commit
   * that touches its reads is its owner's concern.
   */
  async run(call: QueryCall, onAnswer: (answer: QueryAnswer) => void = () => undefined): Promise<QueryAnswer> {
    for (let runsLeft = lostRunsMax; ; runsLeft -= 1) {
      let final: QueryAnswer | null = null;
      await this.#onThread(call, async (host, deployment, date) => {
        const attempt = await this.#attempt(call, deployment, host);
        if (isLost(attempt.answer) && runsLeft > 1) return;
        final = date(attempt);
        onAnswer(final);
      });
      if (final !== null) return final;
    }
  }

  /** Runs them all on one state. `onAnswers` is told as `onAnswer` is; not at all where their thread was lost on the way. */
  async runTogether(calls: readonly QueryCall[], onAnswers: (answers: QueryAnswer[]) => void): Promise<void> {
    const [first] = calls;
    if (first === undefined) return;
    await this.#onThread(first, async (host, deployment, date) => {
      await host.start().catch(() => undefined);
      host.post({ type: "holdSnapshot" });
      try {
        const attempts: Attempt[] = [];
        for (const call of calls) attempts.push(await this.#attempt(call, deployment, host));
        const timestamps = attempts.flatMap(({ reading }) => (reading === null ? [] : [reading.timestamp]));
        if (new Set(timestamps).size <= 1) onAnswers(attempts.map(date));
      } finally {
        host.post({ type: "releaseSnapshot" });
      }
    });
  }

  #onThread(
    { context }: QueryCall,
    task: (host: WorkerHost, deployment: Deployment, date: (attempt: Attempt) => QueryAnswer) => Promise<void>,
  ): Promise<void> {
    const { store } = this.#options;
    const deployment = this.#options.deployment();
    return deployment.queries.run(context.asker, async (host) => {
      const reader = this.#log.enter(store.latestTimestamp);
      try {
        await task(host, deployment, (attempt) => this.#dated(attempt, deployment, reader.since));
      } finally {
        this.#log.leave(reader);
      }
    });
  }

  async #attempt(call: QueryCall, deployment: Deployment, host: WorkerHost): Promise<Attempt> {
    const { reporter, limits } = this.#options;
    let reading: Reading | null = null;
    const answer = await reporter.answer({ ...call, kind: "query" }, async () => {
      const { args, context, journal = null } = call;
      const isSystem = call.caller === "admin" && isSystemPath(call.path);
      const path = isSystem ? canonicalPath(call.path) : deployment.registry.find(call.path, call.caller, "query").path;
      const known = isSystem ? systemQueryOfServer(this.#options.facts(deployment), path, argsOf(args)) : undefined;
      if (known !== undefined) return { isSuccess: true, value: known };
      const outcome = await host.run({ command: { type: "invokeQuery", path, args, context, journal }, limits });
      reading = outcome.reading ?? null;
      return outcome;
    });
    return { answer, reading };
  }

  /** `since` is the timestamp of the last commit before the query began. */
  #dated({ answer, reading }: Attempt, deployment: Deployment, since: bigint): QueryAnswer {
    const { ranges, hasReadIdentity, journal, timestamp: seen } = reading ?? unread;
    const reads = new ReadSet(ranges);
    // Nothing was committed between what it saw and `since`, where that is later.
    const timestamp = seen > since ? seen : since;
    const { store } = this.#options;
    const isReplaced = deployment !== this.#options.deployment();
    const staleFrom = isReplaced ? store.latestTimestamp : this.#log.firstTouching(reads, timestamp);
    if (staleFrom !== null) this.#options.onOvertaken();
    return { ...answer, journal, reads, hasReadIdentity, timestamp, staleFrom };
  }
}
