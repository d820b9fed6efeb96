import type { Logger } from "pino";
import type { Files } from "../files/files.ts";
import type { Store } from "../storage/store.ts";
import type { CursorCodec } from "../transaction/cursor.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { ActionRunner, type HttpActionRun } from "./action-runner.ts";
import { type Answer, type Call, Reporter } from "./answers.ts";
import type { Deployment } from "./deployment.ts";
import type { Execution } from "./executions.ts";
import type { Disclosure } from "./failure.ts";
import { type MutationAnswer, type MutationCall, MutationRunner } from "./mutation-runner.ts";
import type { Mutex } from "./mutex.ts";
import { QueryRunner, type QueryRunnerOptions } from "./query-runner.ts";
import type { FunctionKind } from "./runtime/messages.ts";

export interface RunnerOptions {
  readonly store: Store;
  readonly cursors: CursorCodec;
  readonly files: Files;
  /** The version of the code that new calls run. */
  readonly deployment: () => Deployment;
  /** Whoever holds it owns the store's write transaction. */
  readonly writing: Mutex;
  readonly disclosure: Disclosure;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** User CPU that one query or mutation may use. */
  readonly transactionCpuMs: number;
  /** How long one of them may take while it does not compute. */
  readonly transactionTimeoutMs: number;
  readonly actionTimeoutMs: number;
  readonly facts: QueryRunnerOptions["facts"];
  readonly onOvertaken: () => void;
  /** Told of every run of a function that has ended. */
  readonly onEnd: (execution: Execution) => void;
}

/** Runs functions: each query against one state, each mutation as one transaction. No method throws for a failure. */
export class Runner {
  readonly queries: QueryRunner;
  readonly #mutations: MutationRunner;
  readonly #actions: ActionRunner;

  constructor(options: RunnerOptions) {
    const { disclosure, log, now, transactionCpuMs, transactionTimeoutMs, actionTimeoutMs } = options;
    const reporter = new Reporter(disclosure, log, now, options.onEnd);
    const limits = { cpuMs: transactionCpuMs, waitMs: transactionTimeoutMs };
    this.queries = new QueryRunner({ ...options, reporter, limits });
    this.#mutations = new MutationRunner({ ...options, reporter, limits, queries: this.queries });
    this.#actions = new ActionRunner({
      ...options,
      reporter,
      limits: { waitMs: actionTimeoutMs },
      run: (kind, call) => this.run(kind, call),
      transact: (step) => this.transact(step),
    });
  }

  async run(kind: FunctionKind, call: Call): Promise<Answer> {
    if (kind === "query") return this.queries.run(call);
    return kind === "mutation" ? this.runMutation(call) : this.runAction(call);
  }

  /** After a commit, `onCommitted` and then the store's listeners have been told. */
  runMutation(call: MutationCall): Promise<MutationAnswer> {
    return this.#mutations.run(call);
  }

  /** Runs at most once. */
  runAction(call: Call): Promise<Answer> {
    return this.#actions.run(call);
  }

  /** Runs at most once; the response comes in parts through `onResponse`. */
  runHttpAction(run: HttpActionRun): Promise<Answer> {
    return this.#actions.runHttp(run);
  }

  /** One transaction of the server's own; what `step` throws undoes it. */
  transact<Result>(step: (transaction: Transaction) => Result): Promise<Result> {
    return this.#mutations.transact(step);
  }
}
