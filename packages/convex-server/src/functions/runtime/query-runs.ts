import type { JSONValue } from "convex/values";
import { Fault } from "../../faults.ts";
import type { FileLinks } from "../../files/file-links.ts";
import { noSchema, parseSchema, type Schema } from "../../storage/schema.ts";
import type { Snapshot } from "../../storage/snapshot.ts";
import type { CursorCodec } from "../../transaction/cursor.ts";
import { Transaction } from "../../transaction/transaction.ts";
import { isObject } from "../../values/field-path.ts";
import { checkResult, resultOrThrow } from "../answers.ts";
import type { Outcome } from "../invocations.ts";
import { Registry, requireArguments } from "../registry.ts";
import { isSystemPath, systemQueryOfData } from "../system-queries.ts";
import { type NestedKind, TransactionFrame } from "../transaction-frame.ts";
import type { FunctionCode } from "./function-code.ts";
import { type RunningFunction, running } from "./invocation.ts";
import { describeThrown, invokeFunction } from "./invoke.ts";
import type { CodeAnalysis, InvokeQuery, QueryResult, Reading } from "./messages.ts";
import { refusalError } from "./remote-calls.ts";
import { seededRandom, seedOf } from "./seeded-random.ts";
import type { ThreadClock } from "./thread-clock.ts";

export interface QueryRunsOptions {
  readonly snapshot: Snapshot;
  readonly cursors: CursorCodec;
  readonly clock: ThreadClock;
  readonly links: FileLinks;
  /** Told of what must not happen. */
  readonly report: (thrown: unknown) => void;
}

export interface QueryRun {
  readonly result: QueryResult;
  readonly reading: Reading;
}

/** What a query and those that it calls have in common. */
type Own = Pick<RunningFunction, "id" | "snapshotTimestamp" | "random">;

const resultOf = (outcome: Outcome): QueryResult => {
  if (outcome.isSuccess || "error" in outcome) return outcome;
  const { code, message, data } = outcome.fault;
  return { isSuccess: false, refusal: { code, message, data } };
};

/** Runs queries in the thread that reads for them: one at a time, each of one state of the database. */
export class QueryRuns {
  readonly #options: QueryRunsOptions;
  readonly #code: FunctionCode;
  readonly #registry: Registry;
  readonly #schema: Schema;

  constructor(options: QueryRunsOptions, code: FunctionCode, analysis: CodeAnalysis) {
    this.#options = options;
    this.#code = code;
    this.#registry = new Registry(analysis.functions);
    this.#schema = analysis.schema === null ? noSchema : parseSchema(analysis.schema);
  }

  /** Never throws. */
  async run({ id, path, args, context, journal }: InvokeQuery): Promise<QueryRun> {
    const { snapshot, cursors, clock, links } = this.#options;
    const timestamp = snapshot.begin();
    const random = seededRandom(seedOf(path, JSON.stringify(args), journal ?? "", String(timestamp)));
    const transaction = new Transaction("query", snapshot, this.#schema);
    const frames: TransactionFrame[] = [];
    const outcome = await this.#guarded(() => {
      const own =
        isSystemPath(path) && isObject(args) ? systemQueryOfData(transaction, cursors, path, args as never) : undefined;
      if (own !== undefined) return Promise.resolve({ isSuccess: true, value: own });
      const entry = this.#registry.find(path, "function", "query");
      requireArguments(entry, args, (documentId) => transaction.tableOf(documentId));
      const frame = new TransactionFrame({
        transaction,
        deployment: { registry: this.#registry },
        entry,
        context,
        cursors,
        files: { links, noteRemoved: () => undefined },
        runNested: this.#runNested({ id, snapshotTimestamp: String(timestamp), random }),
        journal,
        depth: 0,
        beganAt: Date.now(),
        now: Date.now,
        apart: (step) => clock.apart(step),
      });
      frames.push(frame);
      return this.#invoke(frame, args, { id, snapshotTimestamp: String(timestamp), random });
    });
    transaction.isEnded = true;
    snapshot.end();
    const { reads, hasReadIdentity } = transaction;
    const reading = { timestamp, ranges: reads.entries(), hasReadIdentity, journal: frames[0]?.journal ?? null };
    return { result: resultOf(outcome), reading };
  }

  async #guarded(run: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await run();
    } catch (thrown) {
      if (thrown instanceof Fault) return { isSuccess: false, fault: thrown };
      this.#options.report(thrown);
      return { isSuccess: false, fault: new Fault("InvalidRequest", "Internal error of the embedded server.") };
    }
  }

  #runNested(own: Own) {
    return async (parent: TransactionFrame, kind: NestedKind, path: string, args: JSONValue): Promise<string> => {
      if (kind === "mutation") throw new Fault("InvalidRequest", "Queries cannot run mutations.");
      const { transaction, depth } = parent.options;
      const entry = this.#registry.find(path, "function", "query");
      requireArguments(entry, args, (documentId) => transaction.tableOf(documentId));
      // Beside the caller's transaction: what it reads is not what the caller depends on.
      const read = kind === "query" ? transaction : new Transaction("query", this.#options.snapshot, this.#schema);
      const frame = new TransactionFrame({
        ...parent.options,
        transaction: read,
        entry,
        depth: depth + 1,
        journal: null,
      });
      const outcome = await this.#invoke(frame, args, own);
      if (read !== transaction) read.isEnded = true;
      return resultOrThrow(outcome);
    };
  }

  async #invoke(frame: TransactionFrame, args: JSONValue, own: Own): Promise<Outcome> {
    const { entry, transaction, beganAt } = frame.options;
    const ask = (op: string, text: string): Promise<string> => this.#ask(frame, op, text);
    const outcome = await running.run({ ...own, beganAt, streams: new Map(), ask }, async (): Promise<Outcome> => {
      try {
        return {
          isSuccess: true,
          value: await invokeFunction(this.#code, { ...entry, args: JSON.stringify([args]) }),
        };
      } catch (thrown) {
        return { isSuccess: false, error: describeThrown(thrown, this.#code.places) };
      }
    });
    return checkResult(entry, outcome, (documentId) => transaction.tableOf(documentId));
  }

  async #ask(frame: TransactionFrame, op: string, text: string): Promise<string> {
    try {
      return await frame.onSyscall(op, text);
    } catch (thrown) {
      if (thrown instanceof Fault) throw refusalError(thrown.message, thrown.data);
      this.#options.report(thrown);
      throw refusalError("Internal error of the embedded server.", undefined);
    }
  }
}
