import type { JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import type { Store } from "../storage/store.ts";
import type { RequestKey, StoredResult } from "../storage/stored-requests.ts";
import type { CursorCodec } from "../transaction/cursor.ts";
import { Transaction } from "../transaction/transaction.ts";
import {
  type Answer,
  type Call,
  checkResult,
  isLost,
  lostRunsMax,
  type Reporter,
  resultOrThrow,
  valueOrThrow,
} from "./answers.ts";
import type { Deployment } from "./deployment.ts";
import type { FrameFiles } from "./file-calls.ts";
import type { Outcome } from "./invocations.ts";
import type { Mutex } from "./mutex.ts";
import type { QueryRunner } from "./query-runner.ts";
import { requireArguments } from "./registry.ts";
import { type NestedKind, TransactionFrame } from "./transaction-frame.ts";
import type { CallLimits } from "./watchdog.ts";

export interface MutationRunnerOptions {
  readonly store: Store;
  readonly cursors: CursorCodec;
  readonly files: FrameFiles;
  readonly deployment: () => Deployment;
  /** Whoever holds it owns the store's write transaction. */
  readonly writing: Mutex;
  readonly reporter: Reporter;
  readonly queries: QueryRunner;
  readonly limits: CallLimits;
  readonly now: () => number;
}

export type MutationAnswer = Answer & { readonly timestamp: bigint };

export interface MutationCall extends Call {
  /** Makes the call happen once however often it is asked for. */
  readonly request?: RequestKey;
  /** Runs in the transaction before the function; with false, the function is not run and nothing changes. */
  readonly onStart?: (transaction: Transaction) => boolean;
  /** Writes in the transaction once the function has succeeded, whatever it has used of its limits. */
  readonly onSuccess?: (transaction: Transaction) => void;
  /** Told of success, in the turn of the commit and before anybody else. */
  readonly onCommitted?: (result: StoredResult, logLines: readonly string[]) => void;
}

/** Runs mutations one after the other, each as one transaction. */
export class MutationRunner {
  readonly #options: MutationRunnerOptions;

  constructor(options: MutationRunnerOptions) {
    this.#options = options;
  }

  /** After a commit, `onCommitted` and then the store's listeners have been told. */
  async run(call: MutationCall): Promise<MutationAnswer> {
    return this.#options.writing.run(async () => {
      const stored = call.request === undefined ? null : this.#options.store.requests.find(call.request);
      if (stored !== null) {
        call.onCommitted?.(stored, []);
        return { isSuccess: true, ...stored, logLines: [] };
      }
      let answer = await this.#attempt(call);
      for (let runs = 1; runs < lostRunsMax && isLost(answer); runs += 1) answer = await this.#attempt(call);
      return answer;
    });
  }

  /** One transaction of the server's own; what `step` throws undoes it. */
  transact<Result>(step: (transaction: Transaction) => Result): Promise<Result> {
    const { store, writing, deployment } = this.#options;
    return writing.run(() => {
      const transaction = new Transaction("mutation", store, deployment().schema);
      try {
        store.begin();
        const result = step(transaction);
        store.commit(transaction.writes, store.nextTimestamp());
        return result;
      } catch (thrown) {
        throw store.diskFullFault(thrown) ?? thrown;
      } finally {
        store.rollback();
      }
    });
  }

  async #attempt(call: MutationCall): Promise<MutationAnswer> {
    const { store, reporter } = this.#options;
    const deployment = this.#options.deployment();
    const transaction = new Transaction("mutation", store, deployment.schema);
    const catalogVersion = store.catalog.version;
    try {
      store.begin();
      const answer = await reporter.answer({ ...call, kind: "mutation" }, async () => {
        if (call.onStart?.(transaction) === false) return { isSuccess: true, value: "null" };
        const outcome = await this.#invoke(this.#frame(call, transaction, deployment), deployment, call.args);
        return transaction.failure === null ? outcome : { isSuccess: false, fault: transaction.failure };
      });
      transaction.isEnded = true;
      if (answer.isSuccess && call.onSuccess !== undefined) {
        const own = new Transaction("mutation", store, deployment.schema);
        call.onSuccess(own);
        transaction.writes.push(...own.writes);
      }
      return answer.isSuccess
        ? this.#commit(call, transaction, answer)
        : { ...answer, timestamp: store.latestTimestamp };
    } catch (thrown) {
      const fault = store.diskFullFault(thrown);
      if (fault === null) throw thrown;
      const answer = await reporter.answer({ ...call, kind: "mutation" }, async () => ({ isSuccess: false, fault }));
      return { ...answer, timestamp: store.latestTimestamp };
    } finally {
      transaction.isEnded = true;
      store.rollback();
      if (store.catalog.version !== catalogVersion) deployment.updateTables();
    }
  }

  #commit(call: MutationCall, { writes }: Transaction, answer: Extract<Answer, { isSuccess: true }>): MutationAnswer {
    const { store, now } = this.#options;
    const timestamp = writes.length > 0 ? store.nextTimestamp() : store.latestTimestamp;
    const result = { value: answer.value, timestamp };
    if (call.request !== undefined) store.requests.save(call.request, result, now());
    store.commit(writes, timestamp, () => call.onCommitted?.(result, answer.logLines));
    return { ...answer, timestamp };
  }

  #frame(call: Call, transaction: Transaction, deployment: Deployment): TransactionFrame {
    const { cursors, files, now } = this.#options;
    const entry = deployment.registry.find(call.path, call.caller, "mutation");
    requireArguments(entry, call.args, (id) => transaction.tableOf(id));
    return new TransactionFrame({
      transaction,
      deployment,
      entry,
      context: call.context,
      cursors,
      files,
      runNested: (parent, kind, path, args) => this.#runNested(parent, deployment, kind, path, args),
      journal: null,
      depth: 0,
      beganAt: now(),
      now,
    });
  }

  async #runNested(
    parent: TransactionFrame,
    deployment: Deployment,
    kind: NestedKind,
    path: string,
    args: JSONValue,
  ): Promise<string> {
    const { transaction, context, depth } = parent.options;
    if (kind === "snapshotQuery") {
      return valueOrThrow(await this.#options.queries.run({ path, args, caller: "function", context }));
    }
    const entry = deployment.registry.find(path, "function", kind);
    requireArguments(entry, args, (id) => transaction.tableOf(id));
    const frame = new TransactionFrame({ ...parent.options, entry, depth: depth + 1, journal: null });
    if (kind === "query") return resultOrThrow(await this.#invoke(frame, deployment, args));

    const savepoint = transaction.store.savepoint();
    const writesBefore = transaction.writes.length;
    const outcome = await this.#invoke(frame, deployment, args);
    // When the outer function has timed out meanwhile, its transaction is gone and another may be open.
    if (transaction.isEnded) throw new Fault("Timeout", "The function has ended.");
    if (outcome.isSuccess) {
      transaction.store.release(savepoint);
    } else {
      transaction.store.rollbackTo(savepoint);
      transaction.writes.length = writesBefore;
    }
    return resultOrThrow(outcome);
  }

  async #invoke(frame: TransactionFrame, deployment: Deployment, args: JSONValue): Promise<Outcome> {
    const { entry, transaction, depth, beganAt } = frame.options;
    const { kind, modulePath, exportName } = entry;
    const isOutermost = depth === 0;
    const outcome = await deployment.mutations.run({
      command: {
        type: "invoke",
        kind,
        modulePath,
        exportName,
        args: JSON.stringify([args]),
        snapshotTimestamp: String(transaction.store.latestTimestamp),
        beganAt,
        isOutermost,
      },
      // What it calls is its own time.
      limits: isOutermost ? this.#options.limits : {},
      onSyscall: frame.onSyscall,
    });
    return checkResult(entry, outcome, (id) => transaction.tableOf(id));
  }
}
