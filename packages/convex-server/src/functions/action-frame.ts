import type { JSONValue } from "convex/values";
import type { Adopted, Files } from "../files/files.ts";
import { cancelJob, scheduleJob } from "../scheduler/jobs.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { SerializedVectorQuery } from "../transaction/vector-plan.ts";
import { type CallArgs, functionPath, textArg } from "./call-args.ts";
import type { CallContext } from "./caller.ts";
import type { Deployment } from "./deployment.ts";
import { fileCall } from "./file-calls.ts";
import { metadataCall } from "./metadata-calls.ts";
import { requireArguments } from "./registry.ts";
import type { FunctionKind } from "./runtime/messages.ts";
import { schedulable } from "./transaction-frame.ts";

export interface ActionFrameOptions {
  readonly path: string;
  readonly deployment: Deployment;
  readonly context: CallContext;
  /** Runs a function on the action's behalf; resolves to its result, throws a fault when it fails. */
  readonly call: (kind: FunctionKind, path: string, args: JSONValue) => Promise<string>;
  /** Runs a step of the server's own as one transaction. */
  readonly transact: <Result>(step: (transaction: Transaction) => Result) => Promise<Result>;
  /** Resolves to the results as text. */
  readonly searchVectors: (query: SerializedVectorQuery) => Promise<string>;
  readonly files: Files;
  readonly now: () => number;
}

const kindOfCall: Readonly<Record<string, FunctionKind>> = {
  "1.0/actions/query": "query",
  "1.0/actions/mutation": "mutation",
  "1.0/actions/action": "action",
};

/** The services of one running action or HTTP action. */
export class ActionFrame {
  readonly #options: ActionFrameOptions;

  constructor(options: ActionFrameOptions) {
    this.#options = options;
  }

  readonly onSyscall = async (op: string, text: string): Promise<string> => {
    const { path, deployment, context, call, transact, files, now } = this.#options;
    const args: CallArgs = JSON.parse(text);
    const kind = kindOfCall[op];
    if (kind !== undefined) return call(kind, functionPath(args), args.args ?? {});
    switch (op) {
      case "1.0/actions/schedule": {
        const entry = schedulable(deployment, functionPath(args));
        const functionArgs = args.args ?? {};
        const id = await transact((transaction) => {
          requireArguments(entry, functionArgs, (text) => transaction.tableOf(text));
          return scheduleJob(transaction, entry.path, functionArgs, Number(args.ts) * 1000, now());
        });
        return JSON.stringify(id);
      }
      case "1.0/actions/cancel_job":
        await transact((transaction) => cancelJob(transaction, textArg(args, "id"), now()));
        return "{}";
      case "1.0/actions/vectorSearch":
        return this.#options.searchVectors(JSON.parse(text).query);
      case "storage/adopt":
        return JSON.stringify(await this.#adopt(JSON.parse(text)));
      case "storage/locate":
        return JSON.stringify(await transact((transaction) => files.locate(transaction, textArg(args, "storageId"))));
    }
    if (op.startsWith("1.0/storage")) {
      const answer = await transact((transaction) => fileCall(transaction, files, { op, args, now: now() }));
      if (answer !== undefined) return JSON.stringify(answer);
    }
    return JSON.stringify(metadataCall({ path, context, registry: deployment.registry }, op, args));
  };

  async #adopt(received: Adopted): Promise<string> {
    const { transact, files } = this.#options;
    try {
      return await transact((transaction) => files.adopt(transaction, received));
    } catch (thrown) {
      files.drop(received);
      throw thrown;
    }
  }
}
