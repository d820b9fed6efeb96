import type { JSONValue } from "convex/values";
import type { Files } from "../files/files.ts";
import type { Store } from "../storage/store.ts";
import { tableOfId } from "../storage/table-of-id.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { SerializedVectorQuery } from "../transaction/vector-plan.ts";
import { ActionFrame } from "./action-frame.ts";
import { type Answer, type Call, checkResult, type Reporter, resultOrThrow, valueOrThrow } from "./answers.ts";
import type { CallContext } from "./caller.ts";
import type { Deployment } from "./deployment.ts";
import { requireArguments } from "./registry.ts";
import type { FunctionKind, InvokeHttpAction } from "./runtime/messages.ts";
import type { CallLimits } from "./watchdog.ts";
import type { Run } from "./worker-host.ts";

export interface ActionRunnerOptions {
  readonly store: Store;
  readonly deployment: () => Deployment;
  readonly reporter: Reporter;
  readonly limits: CallLimits;
  readonly files: Files;
  readonly now: () => number;
  /** Runs a function of any kind on an action's behalf. */
  readonly run: (kind: FunctionKind, call: Call) => Promise<Answer>;
  readonly transact: <Result>(step: (transaction: Transaction) => Result) => Promise<Result>;
}

export interface HttpActionRun {
  readonly command: Omit<InvokeHttpAction, "id">;
  readonly context: CallContext;
  readonly onResponse: NonNullable<Run["onResponse"]>;
}

/** Runs actions and HTTP actions, each at most once. */
export class ActionRunner {
  readonly #options: ActionRunnerOptions;

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  async run(call: Call): Promise<Answer> {
    const { store, reporter, limits, now } = this.#options;
    const deployment = this.#options.deployment();
    const toTable = tableOfId(store.catalog);
    return reporter.answer({ ...call, kind: "action" }, async () => {
      const entry = deployment.registry.find(call.path, call.caller, "action");
      requireArguments(entry, call.args, toTable);
      const { kind, modulePath, exportName } = entry;
      const outcome = await deployment.actions.run({
        command: {
          type: "invoke",
          kind,
          modulePath,
          exportName,
          args: JSON.stringify([call.args]),
          snapshotTimestamp: String(store.latestTimestamp),
          beganAt: now(),
          isOutermost: true,
        },
        limits,
        onSyscall: this.#frame(deployment, entry.path, call.context).onSyscall,
      });
      return checkResult(entry, outcome, toTable);
    });
  }

  /** The response comes in parts through `onResponse`. */
  async runHttp({ command, context, onResponse }: HttpActionRun): Promise<Answer> {
    const { reporter, limits } = this.#options;
    const deployment = this.#options.deployment();
    const path = `${command.method} ${new URL(command.url).pathname}`;
    const { onSyscall } = this.#frame(deployment, path, context);
    return reporter.answer({ kind: "httpAction", path, context }, () =>
      deployment.actions.run({ command, limits, onSyscall, onResponse }),
    );
  }

  #frame(deployment: Deployment, path: string, context: CallContext): ActionFrame {
    const { run, transact, files, now } = this.#options;
    const call = async (kind: FunctionKind, calledPath: string, args: JSONValue): Promise<string> =>
      valueOrThrow(await run(kind, { path: calledPath, args, caller: "function", context }));
    const searchVectors = (query: SerializedVectorQuery): Promise<string> =>
      deployment.queries.run(context.asker, async (host) =>
        resultOrThrow(await host.run({ command: { type: "searchVectors", query }, limits: {} })),
      );
    return new ActionFrame({ path, deployment, context, call, transact, searchVectors, files, now });
  }
}
