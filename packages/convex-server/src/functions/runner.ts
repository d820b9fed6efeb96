import type { JSONValue } from "convex/values";
import type { Logger } from "pino";
import { Fault } from "../faults.ts";
import type { Store } from "../storage/store.ts";
import type { RequestKey, StoredResult } from "../storage/stored-requests.ts";
import { tableOfId } from "../storage/table-of-id.ts";
import type { CursorCodec } from "../transaction/cursor.ts";
import { Transaction } from "../transaction/transaction.ts";
import { ActionFrame } from "./action-frame.ts";
import { type Answer, type Call, checkResult, Reporter, resultOrThrow, valueOrThrow } from "./answers.ts";
import type { CallContext } from "./caller.ts";
import type { Deployment } from "./deployment.ts";
import type { Disclosure } from "./failure.ts";
import type { Outcome } from "./invocations.ts";
import type { Mutex } from "./mutex.ts";
import { type FunctionEntry, requireArguments } from "./registry.ts";
import type { FunctionKind, InvokeHttpAction } from "./runtime/messages.ts";
import { Slots } from "./slots.ts";
import { type FrameOptions, type NestedKind, TransactionFrame } from "./transaction-frame.ts";
import type { Run } from "./worker-host.ts";

export interface RunnerOptions {
  readonly store: Store;
  readonly cursors: CursorCodec;
  /** The version of the code that new calls run. */
  readonly deployment: () => Deployment;
  /** Whoever holds it owns the store's write transaction. */
  readonly writing: Mutex;
  readonly disclosure: Disclosure;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly transactionTimeoutMs: number;
  readonly actionTimeoutMs: number;
}

export type QueryAnswer = Answer & {
  /** Where the page that it read ends; null when it read none. */
  readonly journal: string | null;
  /** What the answer depends on. */
  readonly transaction: Transaction;
};

export interface QueryOptions {
  /** Where the page of an earlier run of the same query ended. */
  readonly journal?: string | null;
  /** Told in the turn from which on a commit that touches the answer's reads is its owner's concern. */
  readonly onAnswer?: (answer: QueryAnswer) => void;
  /** The caller keeps everybody else from committing. */
  readonly isAlone?: boolean;
}

export type MutationAnswer = Answer & { readonly timestamp: bigint };

export interface HttpActionRun {
  readonly command: Omit<InvokeHttpAction, "id">;
  readonly context: CallContext;
  readonly onResponse: NonNullable<Run["onResponse"]>;
}

export interface MutationCall extends Call {
  /** Makes the call happen once however often it is asked for. */
  readonly request?: RequestKey;
  /** Runs in the transaction before the function; with false, the function is not run and nothing changes. */
  readonly onStart?: (transaction: Transaction) => boolean;
  /** Told of success, in the turn of the commit and before anybody else. */
  readonly onCommitted?: (result: StoredResult, logLines: readonly string[]) => void;
}

/** More queries at once would only wait for each other in their thread, and run out of time there. */
const queriesAtOnce = 32;

/** A query that commits keep overtaking is given the database to itself after this many runs. */
const queryAttemptsMax = 8;

/** Runs functions: each query against one state, each mutation as one transaction. No method throws for a failure. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #reporter: Reporter;
  readonly #slots = new Slots(queriesAtOnce);
  /** Queries that run right now, to be told of commits. */
  readonly #reading = new Set<Transaction>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#reporter = new Reporter(options.disclosure, options.log, options.now);
    options.store.onCommit((writes) => {
      for (const transaction of this.#reading) {
        if (transaction.reads.isTouchedBy(writes)) transaction.isInvalidated = true;
      }
    });
  }

  /** Makes the queries that run right now run again, after a change of the code. */
  restartQueries(): void {
    for (const transaction of this.#reading) transaction.isInvalidated = true;
  }

  async run(kind: FunctionKind, call: Call): Promise<Answer> {
    if (kind === "query") return this.runQuery(call);
    return kind === "mutation" ? this.runMutation(call) : this.runAction(call);
  }

  async runQuery(call: Call, { journal = null, onAnswer, isAlone = false }: QueryOptions = {}): Promise<QueryAnswer> {
    let isRetried = false;
    const isFinal = (answer: QueryAnswer): boolean => {
      if (answer.transaction.isInvalidated) return false;
      const isLost = !answer.isSuccess && answer.fault.code === "WorkerLost" && !isRetried;
      isRetried ||= isLost;
      return !isLost;
    };
    const attempts = async (countMax: number): Promise<QueryAnswer | null> => {
      for (let count = 0; count < countMax; count += 1) {
        const answer = await this.#slots.run(() => this.#attemptQuery(call, journal));
        this.#reading.delete(answer.transaction);
        if (!isFinal(answer)) continue;
        onAnswer?.(answer);
        return answer;
      }
      return null;
    };
    const alone = async (): Promise<QueryAnswer> => (await attempts(Number.POSITIVE_INFINITY)) ?? alone();
    if (isAlone) return alone();
    return (await attempts(queryAttemptsMax)) ?? this.#options.writing.run(alone);
  }

  /** Leaves the transaction among those that are told of commits; the caller takes it out. */
  async #attemptQuery(call: Call, journal: string | null): Promise<QueryAnswer> {
    const deployment = this.#options.deployment();
    const transaction = new Transaction("query", this.#options.store, deployment.schema);
    const frames: TransactionFrame[] = [];
    this.#reading.add(transaction);
    const answer = await this.#reporter.answer(call, async () => {
      const frame = this.#frame(call, { transaction, deployment, journal });
      frames.push(frame);
      return this.#invoke(frame, call.args);
    });
    transaction.isEnded = true;
    return { ...answer, journal: frames[0]?.journal ?? null, transaction };
  }

  /** After a commit, `onCommitted` and then the store's listeners have been told. Throws only when the disk fails. */
  async runMutation(call: MutationCall): Promise<MutationAnswer> {
    return this.#options.writing.run(async () => {
      const stored = call.request === undefined ? null : this.#options.store.requests.find(call.request);
      if (stored !== null) {
        call.onCommitted?.(stored, []);
        return { isSuccess: true, ...stored, logLines: [] };
      }
      const first = await this.#attemptMutation(call);
      const isLost = !first.isSuccess && first.fault.code === "WorkerLost";
      return isLost ? this.#attemptMutation(call) : first;
    });
  }

  async #attemptMutation(call: MutationCall): Promise<MutationAnswer> {
    const { store, now } = this.#options;
    const deployment = this.#options.deployment();
    const transaction = new Transaction("mutation", store, deployment.schema);
    const catalogVersion = store.catalog.version;
    store.begin();
    try {
      const answer = await this.#reporter.answer(call, async () => {
        if (call.onStart?.(transaction) === false) return { isSuccess: true, value: "null" };
        return this.#invoke(this.#frame(call, { transaction, deployment, journal: null }), call.args);
      });
      transaction.isEnded = true;
      if (!answer.isSuccess) return { ...answer, timestamp: store.latestTimestamp };
      const timestamp = transaction.writes.length > 0 ? store.nextTimestamp() : store.latestTimestamp;
      const result = { value: answer.value, timestamp };
      if (call.request !== undefined) store.requests.save(call.request, result, now());
      store.commit(transaction.writes, timestamp, () => call.onCommitted?.(result, answer.logLines));
      return { ...answer, timestamp };
    } finally {
      transaction.isEnded = true;
      if (store.isOpen) store.rollback();
      if (store.catalog.version !== catalogVersion) deployment.updateTables();
    }
  }

  /** Runs at most once. */
  async runAction(call: Call): Promise<Answer> {
    const { store, actionTimeoutMs } = this.#options;
    const deployment = this.#options.deployment();
    const toTable = tableOfId(store.catalog);
    return this.#reporter.answer(call, async () => {
      const entry = deployment.registry.find(call.path, call.caller, "action");
      requireArguments(entry, call.args, toTable);
      const outcome = await deployment.actions.run({
        command: invocation(entry, call.args, store.latestTimestamp),
        timeoutMs: actionTimeoutMs,
        onSyscall: this.#actionFrame(deployment, entry.path, call.context).onSyscall,
      });
      return checkResult(entry, outcome, toTable);
    });
  }

  /** Runs at most once; the response comes in parts through `onResponse`. */
  async runHttpAction({ command, context, onResponse }: HttpActionRun): Promise<Answer> {
    const deployment = this.#options.deployment();
    const path = `${command.method} ${new URL(command.url).pathname}`;
    return this.#reporter.answer({ path, context }, () =>
      deployment.actions.run({
        command,
        timeoutMs: this.#options.actionTimeoutMs,
        onSyscall: this.#actionFrame(deployment, path, context).onSyscall,
        onResponse,
      }),
    );
  }

  #actionFrame(deployment: Deployment, path: string, context: CallContext): ActionFrame {
    return new ActionFrame({
      path,
      deployment,
      context,
      call: async (kind, calledPath, args) =>
        valueOrThrow(await this.run(kind, { path: calledPath, args, caller: "function", context })),
      transact: (step) => this.transact(step),
      now: this.#options.now,
    });
  }

  /** One transaction of the server's own; what `step` throws undoes it. */
  transact<Result>(step: (transaction: Transaction) => Result): Promise<Result> {
    const { store, writing, deployment } = this.#options;
    return writing.run(() => {
      const transaction = new Transaction("mutation", store, deployment().schema);
      store.begin();
      try {
        const result = step(transaction);
        store.commit(transaction.writes, store.nextTimestamp());
        return result;
      } finally {
        if (store.isOpen) store.rollback();
      }
    });
  }

  #frame(call: Call, part: Pick<FrameOptions, "transaction" | "deployment" | "journal">): TransactionFrame {
    const { cursors, now } = this.#options;
    const { transaction, deployment } = part;
    const entry = deployment.registry.find(call.path, call.caller, transaction.kind);
    requireArguments(entry, call.args, (id) => transaction.tableOf(id));
    return new TransactionFrame({
      ...part,
      entry,
      context: call.context,
      cursors,
      runNested: this.#runNested,
      depth: 0,
      now,
    });
  }

  readonly #runNested = async (
    parent: TransactionFrame,
    kind: NestedKind,
    path: string,
    args: JSONValue,
  ): Promise<string> => {
    const { transaction, deployment, context, depth } = parent.options;
    if (kind === "snapshotQuery") return valueOrThrow(await this.runQuery({ path, args, caller: "function", context }));
    if (kind === "mutation" && transaction.kind === "query") {
      throw new Fault("InvalidRequest", "Queries cannot run mutations.");
    }
    const entry = deployment.registry.find(path, "function", kind);
    requireArguments(entry, args, (id) => transaction.tableOf(id));
    const frame = new TransactionFrame({ ...parent.options, entry, depth: depth + 1, journal: null });
    if (kind === "query") return resultOrThrow(await this.#invoke(frame, args));

    const savepoint = transaction.store.savepoint();
    const writesBefore = transaction.writes.length;
    const outcome = await this.#invoke(frame, args);
    // When the outer function has timed out meanwhile, its transaction is gone and another may be open.
    if (transaction.isEnded) throw new Fault("Timeout", "The function has ended.");
    if (outcome.isSuccess) {
      transaction.store.release(savepoint);
    } else {
      transaction.store.rollbackTo(savepoint);
      transaction.writes.length = writesBefore;
    }
    return resultOrThrow(outcome);
  };

  async #invoke(frame: TransactionFrame, args: JSONValue): Promise<Outcome> {
    const { entry, deployment, transaction } = frame.options;
    const outcome = await deployment.transactions.run({
      command: invocation(entry, args, transaction.store.latestTimestamp),
      timeoutMs: this.#options.transactionTimeoutMs,
      onSyscall: frame.onSyscall,
    });
    return checkResult(entry, outcome, (id) => transaction.tableOf(id));
  }
}

const invocation = (entry: FunctionEntry, args: JSONValue, timestamp: bigint) => ({
  type: "invoke" as const,
  kind: entry.kind,
  modulePath: entry.modulePath,
  exportName: entry.exportName,
  args: JSON.stringify([args]),
  snapshotTimestamp: String(timestamp),
});
