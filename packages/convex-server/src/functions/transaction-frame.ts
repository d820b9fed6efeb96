import type { JSONValue, Value } from "convex/values";
import { Fault } from "../faults.ts";
import { cancelJob, scheduleJob } from "../scheduler/jobs.ts";
import type { CursorCodec } from "../transaction/cursor.ts";
import { type Metric, transactionLimits } from "../transaction/limits.ts";
import { type PageRequest, readPage } from "../transaction/pagination.ts";
import { planQuery, type SerializedQuery } from "../transaction/query-plan.ts";
import { QueryStream } from "../transaction/query-stream.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { deleteDocument, insertDocument, patchDocument, replaceDocument } from "../transaction/writes.ts";
import { isObject } from "../values/field-path.ts";
import { type CallArgs, functionPath, optionalTextArg, textArg } from "./call-args.ts";
import type { CallContext } from "./caller.ts";
import { type FrameFiles, fileCall } from "./file-calls.ts";
import { metadataCall } from "./metadata-calls.ts";
import { Mutex } from "./mutex.ts";
import { type FunctionEntry, type Registry, requireArguments } from "./registry.ts";

/** A query or mutation as part of the caller's transaction, or a query of the last commit beside it. */
export type NestedKind = "query" | "mutation" | "snapshotQuery";

/** Runs a function that a query or mutation calls, inside or beside its transaction; resolves to its result. */
export type NestedRun = (parent: TransactionFrame, kind: NestedKind, path: string, args: JSONValue) => Promise<string>;

/** What a frame needs of the loaded code. */
export interface FrameDeployment {
  readonly registry: Registry;
}

export interface FrameOptions {
  readonly transaction: Transaction;
  readonly deployment: FrameDeployment;
  readonly entry: FunctionEntry;
  readonly context: CallContext;
  readonly cursors: CursorCodec;
  readonly files: FrameFiles;
  readonly runNested: NestedRun;
  /** Where the page of an earlier run of the same query ended. */
  readonly journal: string | null;
  /** When the outermost function began, in milliseconds since 1970. */
  readonly beganAt: number;
  /** How many functions are running around this one. */
  readonly depth: number;
  readonly now: () => number;
  /** Runs a long step of the database where the function's own time is counted. */
  readonly apart?: <Result>(step: () => Result) => Result;
}

const depthMax = 8;

interface BatchCall {
  readonly queryId: number;
  /** Null after the first batch. */
  readonly query: SerializedQuery | null;
  readonly count: number;
}

/** What a call lets the function that it runs use at most. */
const budgetOf = ({ transactionLimits: given }: CallArgs): Partial<Record<Metric, number>> => {
  if (given === undefined || given === null) return {};
  if (!isObject(given as Value)) throw new Fault("InvalidRequest", "transactionLimits must be an object.");
  for (const [metric, amount] of Object.entries(given)) {
    if (!Object.hasOwn(transactionLimits, metric) || typeof amount !== "number" || !(amount >= 0)) {
      throw new Fault("InvalidRequest", `transactionLimits: ${metric} is no limit, or no number.`);
    }
  }
  return given as Partial<Record<Metric, number>>;
};

const runNow = <Result>(step: () => Result): Result => step();

/** The services of one running query or mutation. */
export class TransactionFrame {
  readonly options: FrameOptions;
  /** Where the page that was read ends; null when none was read. */
  journal: string | null = null;
  readonly #streams = new Map<number, QueryStream>();
  /** Calls are answered in order, so that a nested function has the transaction to itself. */
  readonly #order = new Mutex();

  constructor(options: FrameOptions) {
    if (options.depth > depthMax)
      throw new Fault("Limit", `Functions call each other too deeply (maximum ${depthMax}).`);
    this.options = options;
  }

  readonly onSyscall = (op: string, args: string): Promise<string> =>
    this.#order.run(() => {
      const { transaction } = this.options;
      if (transaction.isEnded) throw new Fault("Timeout", "The function has ended.");
      // SQLite may have given the transaction up, and would take the next write as one of its own.
      if (transaction.failure !== null) throw transaction.failure;
      try {
        return this.#answer(op, args);
      } catch (thrown) {
        transaction.failure = transaction.diskFullFault(thrown);
        throw transaction.failure ?? thrown;
      }
    });

  #answer(op: string, text: string): string | Promise<string> {
    const args: CallArgs = JSON.parse(text);
    const { transaction, deployment, entry, context, apart = runNow } = this.options;
    switch (op) {
      case "1.0/get":
        return this.#get(args);
      case "1.0/queryStreamNext":
        return apart(() => this.#nextBatch(text));
      case "1.0/queryPage":
        return apart(() => this.#page(text));
      case "1.0/count":
        return String(this.#count(textArg(args, "table")));
      case "1.0/insert":
        return JSON.stringify({ _id: insertDocument(transaction, textArg(args, "table"), args.value ?? null) });
      case "1.0/shallowMerge":
        patchDocument(transaction, args.id ?? null, optionalTextArg(args, "table"), args.value ?? null);
        return "{}";
      case "1.0/replace":
        replaceDocument(transaction, args.id ?? null, optionalTextArg(args, "table"), args.value ?? null);
        return "{}";
      case "1.0/remove":
        deleteDocument(transaction, args.id ?? null, optionalTextArg(args, "table"));
        return "{}";
      case "1.0/runUdf": {
        const kind = textArg(args, "udfType");
        if (kind !== "query" && kind !== "mutation" && kind !== "snapshotQuery") {
          throw new Fault("InvalidRequest", `Queries and mutations cannot run a function as ${kind}.`);
        }
        return this.#runNested(kind, args);
      }
      case "1.0/schedule":
        return JSON.stringify(this.#schedule(args));
      case "1.0/cancel_job":
        this.#requireMutation("scheduler.cancel");
        cancelJob(transaction, textArg(args, "id"), this.options.now());
        return "{}";
      case "1.0/getTransactionMetrics":
        return JSON.stringify(transaction.usage.metrics());
      case "1.0/getUserIdentity":
        transaction.hasReadIdentity = true;
        break;
    }
    const ofFiles = fileCall(transaction, this.options.files, { op, args, now: this.options.now() });
    if (ofFiles !== undefined) return JSON.stringify(ofFiles);
    return JSON.stringify(metadataCall({ path: entry.path, context, registry: deployment.registry }, op, args));
  }

  /** A query of a snapshot reads beside the transaction, and counts for itself. */
  async #runNested(kind: NestedKind, args: CallArgs): Promise<string> {
    const { transaction, runNested } = this.options;
    const budget = budgetOf(args);
    const end = kind === "snapshotQuery" ? () => undefined : transaction.usage.nest(budget);
    let isKept = false;
    try {
      const result = await runNested(this, kind, functionPath(args), args.args ?? {});
      isKept = true;
      return result;
    } finally {
      end(isKept);
    }
  }

  #get(args: CallArgs): string {
    const { transaction } = this.options;
    const id = textArg(args, "id");
    const table = transaction.tableOf(id);
    if (table === null)
      throw new Fault("Database", `Invalid argument \`id\` for \`db.get\`: Unable to decode ID: "${id}"`);
    const expected = optionalTextArg(args, "table");
    if (expected !== undefined && expected !== table) {
      throw new Fault(
        "Database",
        `Invalid argument \`id\` for \`db.get\`: expected an ID of table "${expected}", got one of table "${table}".`,
      );
    }
    if (table.startsWith("_") !== (args.isSystem === true)) {
      throw new Fault(
        "Database",
        table.startsWith("_")
          ? "System tables can only be accessed with db.system."
          : "User tables cannot be accessed with db.system.",
      );
    }
    return transaction.getText(table, id) ?? "null";
  }

  #nextBatch(text: string): string {
    const { transaction } = this.options;
    const { queryId: id, query, count }: BatchCall = JSON.parse(text);
    const stream = query === null ? this.#streams.get(id) : new QueryStream(transaction, planQuery(transaction, query));
    if (stream === undefined) throw new Fault("Database", "This query is closed.");
    const batch = stream.next(count);
    if (batch.isDone) this.#streams.delete(id);
    else this.#streams.set(id, stream);
    return JSON.stringify(batch);
  }

  #page(text: string): string {
    if (this.journal !== null) {
      throw new Fault(
        "Database",
        "This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.",
      );
    }
    const request: PageRequest = JSON.parse(text);
    const endCursor = request.endCursor ?? this.options.journal;
    const page = readPage(this.options.transaction, this.options.cursors, { ...request, endCursor });
    this.journal = page.continueCursor;
    const { documents, ...rest } = page;
    return `{"page":[${documents.join(",")}],${JSON.stringify(rest).slice(1)}`;
  }

  #count(table: string): number {
    const { transaction } = this.options;
    const plan = planQuery(transaction, {
      source: { type: "FullTableScan", tableName: table, order: null },
      operators: [],
    });
    transaction.usage.add("databaseQueries", 1);
    transaction.reads.add(plan.path, plan.range);
    return plan.index === undefined ? 0 : transaction.documents.count(plan.index);
  }

  #schedule(args: CallArgs): string {
    this.#requireMutation("The scheduler");
    const { transaction, deployment, now } = this.options;
    const entry = schedulable(deployment, functionPath(args));
    const functionArgs = args.args ?? {};
    requireArguments(entry, functionArgs, (id) => transaction.tableOf(id));
    return scheduleJob(transaction, entry.path, functionArgs, Number(args.ts) * 1000, now());
  }

  #requireMutation(what: string): void {
    if (this.options.transaction.kind !== "mutation") {
      throw new Fault("InvalidRequest", `${what} can only be used in mutations and actions.`);
    }
  }
}

/** The function of this path, if the scheduler may run it. */
export const schedulable = (deployment: FrameDeployment, path: string): FunctionEntry => {
  const entry = deployment.registry.find(path, "function");
  if (entry.kind === "query") throw new Fault("InvalidRequest", `Queries cannot be scheduled: ${entry.path}.`);
  return entry;
};
