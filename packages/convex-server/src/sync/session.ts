import type { Logger } from "pino";
import type { Identity } from "../auth/identity.ts";
import type { AuthVerifier } from "../auth/verifier.ts";
import { Fault, messageOf } from "../faults.ts";
import { type CallContext, newRequestId } from "../functions/caller.ts";
import { Mutex } from "../functions/mutex.ts";
import type { Runner } from "../functions/runner.ts";
import type { Store } from "../storage/store.ts";
import { decodeTimestamp, encodeTimestamp } from "../values/timestamp.ts";
import {
  type ClientMessage,
  decodeClientMessage,
  type FunctionRequest,
  inParts,
  type StateVersion,
  transitionText,
} from "./messages.ts";
import type { QueryCache } from "./query-cache.ts";
import { QuerySet } from "./query-set.ts";

/** One WebSocket, as far as a session needs it. */
export interface SessionSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface SessionOptions {
  readonly socket: SessionSocket;
  readonly runner: Runner;
  readonly cache: QueryCache;
  readonly store: Store;
  readonly writing: Mutex;
  readonly auth: () => AuthVerifier;
  readonly log: Logger;
  readonly now: () => number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

type MessageOf<Type extends ClientMessage["type"]> = Extract<ClientMessage, { type: Type }>;

const transitionLengthMax = 5 << 20;
const queriesMax = 10_000;
/** After this many rounds in which commits overtook some query, the session reads with commits held back. */
const roundsMax = 4;

/** One client's connection: its identity, its queries, its mutations and actions. */
export class Session {
  readonly #options: SessionOptions;
  readonly #queries: QuerySet;
  /** Messages are handled strictly in order. */
  readonly #inbox = new Mutex();
  /** Mutations run one after the other, beside the inbox. */
  readonly #mutations = new Mutex();
  #sessionId: string | null = null;
  #identity: Identity | null = null;
  #querySetVersion = 0;
  #identityVersion = 0;
  #shown: StateVersion = { querySet: 0, identity: 0, timestamp: 0n };
  #clientClockSkew = 0;
  #mustTransition = false;
  #isDirty = false;
  #flushing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#queries = new QuerySet(options.cache, { becameStale: () => void this.#flush() });
  }

  /** Takes one message of the client; resolves when it has been handled. */
  receive(text: string): Promise<void> {
    return this.#inbox.run(async () => {
      if (this.#isClosed) return;
      try {
        await this.#handle(decodeClientMessage(text));
      } catch (thrown) {
        this.#fail(thrown);
      }
    });
  }

  ping(): void {
    this.#send('{"type":"Ping"}');
  }

  /** Frees what the session holds; called when its socket is gone. */
  close(): void {
    this.#isClosed = true;
    this.#queries.clear();
  }

  async #handle(message: ClientMessage): Promise<void> {
    if (message.type === "Connect") return this.#connect(message);
    if (this.#sessionId === null) throw new Fault("InvalidRequest", "The first message must be Connect.");
    switch (message.type) {
      case "Authenticate":
        return this.#authenticate(message);
      case "ModifyQuerySet":
        return this.#modifyQuerySet(message);
      case "Mutation":
        this.#mutate(message, this.#sessionId);
        return;
      case "Action":
        this.#act(message);
        return;
      case "Event":
        return;
    }
  }

  #connect({ sessionId, maxObservedTimestamp, clientTs }: MessageOf<"Connect">): void {
    this.#sessionId = sessionId;
    if (typeof clientTs === "number") this.#clientClockSkew = clientTs - this.#options.now();
    if (maxObservedTimestamp === undefined) return;
    const observed = decodeTimestamp(maxObservedTimestamp);
    if (observed === null || !this.#options.store.observe(observed)) {
      this.#end(1011, "InternalServerError: the client's timestamp is ahead of the server's clock");
    }
  }

  async #authenticate({ tokenType, value, baseVersion }: MessageOf<"Authenticate">): Promise<void> {
    if (baseVersion !== this.#identityVersion) {
      throw new Fault("InvalidRequest", `Identity base version ${baseVersion}, expected ${this.#identityVersion}.`);
    }
    try {
      if (tokenType === "Admin") throw new Fault("Unauthenticated", "Admin keys do not exist on the embedded server.");
      const { auth, now } = this.#options;
      this.#identity = tokenType === "User" ? await auth().verify(value ?? "", new Date(now())) : null;
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      if (thrown.code !== "AuthUnavailable") return this.#refuseAuth(thrown.message, true);
      // The client comes back with the same token instead of giving it up.
      this.#options.log.error(thrown.message);
      return this.#end(1011, "InternalServerError: AuthUnavailable");
    }
    this.#identityVersion += 1;
    void this.#flush();
  }

  async #modifyQuerySet({ baseVersion, newVersion, modifications }: MessageOf<"ModifyQuerySet">): Promise<void> {
    if (baseVersion !== this.#querySetVersion) {
      throw new Fault("InvalidRequest", `Query set base version ${baseVersion}, expected ${this.#querySetVersion}.`);
    }
    this.#queries.modify(modifications);
    if (this.#queries.size > queriesMax) throw new Fault("InvalidRequest", "Too many queries in one session.");
    this.#querySetVersion = newVersion;
    // A mutation that follows must not run before the first answers are in: they fix where pages end.
    await this.#flush();
  }

  #mutate({ requestId, udfPath: path, args }: FunctionRequest, sessionId: string): void {
    const context = this.#context();
    void this.#mutations.run(async () => {
      if (this.#isClosed || this.#hasExpired(context.identity)) return;
      try {
        const answer = await this.#options.runner.runMutation({
          path,
          args: args[0] ?? {},
          caller: "client",
          context,
          request: { sessionId, requestId },
          onCommitted: ({ value, timestamp }, logLines) => {
            const rest = {
              type: "MutationResponse",
              requestId,
              success: true,
              ts: encodeTimestamp(timestamp),
              logLines,
            };
            this.#send(`${JSON.stringify(rest).slice(0, -1)},"result":${value}}`);
            this.#mustTransition = true;
            void this.#flush();
          },
        });
        if (answer.isSuccess) return;
        const { message: result, data: errorData } = answer.failure;
        const { logLines } = answer;
        this.#sendJson({ type: "MutationResponse", requestId, success: false, result, errorData, logLines });
      } catch (thrown) {
        this.#fail(thrown);
      }
    });
  }

  #act({ requestId, udfPath: path, args }: FunctionRequest): void {
    const context = this.#context();
    if (this.#hasExpired(context.identity)) return;
    const call = { path, args: args[0] ?? {}, caller: "client" as const, context };
    const answered = this.#options.runner.runAction(call).then((answer) => {
      const { logLines } = answer;
      if (answer.isSuccess) {
        const rest = { type: "ActionResponse", requestId, success: true, logLines };
        this.#send(`${JSON.stringify(rest).slice(0, -1)},"result":${answer.value}}`);
        return;
      }
      const { message: result, data: errorData } = answer.failure;
      this.#sendJson({ type: "ActionResponse", requestId, success: false, result, errorData, logLines });
    });
    answered.catch((thrown: unknown) => this.#fail(thrown));
  }

  #context(): CallContext {
    const { ip, userAgent } = this.#options;
    return { identity: this.#identity, requestId: newRequestId(), ip, userAgent, scheduledFunctionId: null };
  }

  /** Brings the client to the current state; calls while one is under way are served by it. */
  #flush(): Promise<void> {
    this.#isDirty = true;
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  async #flushAll(): Promise<void> {
    try {
      for (let round = 1; this.#isDirty && !this.#isClosed; round += 1) {
        this.#isDirty = false;
        if (this.#hasExpired(this.#identity)) return;
        // Goes on behind the caller's turn, in which a commit may not have been told to everybody yet.
        if (round <= roundsMax) await this.#refresh((query) => this.#options.cache.refresh(query));
        else await this.#options.writing.run(() => this.#refreshAlone());
        if (!this.#isDirty) this.#show();
      }
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** One round: ends with every query fresh, or with the session dirty because a commit came between. */
  async #refresh(run: (query: ReturnType<QuerySet["attach"]>[number]) => Promise<void>): Promise<void> {
    const identity = this.#identity;
    const isSettled = (): boolean => this.#queries.attach(identity).every(({ isFresh }) => isFresh);
    if (isSettled()) return;
    await Promise.all(this.#queries.attach(identity).map(run));
    if (identity !== this.#identity || !isSettled()) this.#isDirty = true;
  }

  async #refreshAlone(): Promise<void> {
    await this.#refresh((query) => this.#options.cache.refreshAlone(query));
    // An entry may turn out to be personal only when it runs, and is then replaced once.
    if (this.#isDirty) await this.#refresh((query) => this.#options.cache.refreshAlone(query));
    if (this.#queries.attach(this.#identity).every(({ isFresh }) => isFresh)) this.#show();
  }

  /** Sends what has changed, all of it of one state of the database. */
  #show(): void {
    if (this.#isClosed) return;
    const { store, now } = this.#options;
    const modifications = this.#queries.takeModifications();
    const start = this.#shown;
    const end = {
      querySet: this.#querySetVersion,
      identity: this.#identityVersion,
      timestamp: store.latestTimestamp,
    };
    const hasNewVersion = end.querySet !== start.querySet || end.identity !== start.identity;
    if (modifications.length === 0 && !hasNewVersion && !this.#mustTransition) return;
    this.#mustTransition = false;
    this.#shown = end;
    const clientClockSkew = this.#clientClockSkew;
    const text = transitionText({ start, end, modifications, clientClockSkew, serverTs: now() * 1e6 });
    for (const part of inParts(text, newRequestId(), transitionLengthMax)) this.#send(part);
  }

  #hasExpired(identity: Identity | null): boolean {
    if (identity === null || identity.expiresAt > this.#options.now()) return false;
    if (!this.#isClosed) this.#refuseAuth("Token expired", false);
    return true;
  }

  #refuseAuth(error: string, authUpdateAttempted: boolean): void {
    this.#sendJson({ type: "AuthError", error, baseVersion: this.#identityVersion, authUpdateAttempted });
    this.#end(1008, "AuthError");
  }

  #fail(thrown: unknown): void {
    if (this.#isClosed) return;
    if (thrown instanceof Fault) {
      this.#sendJson({ type: "FatalError", error: thrown.message });
      this.#end(1008, "Protocol error");
      return;
    }
    this.#options.log.error({ err: thrown }, "a session failed");
    this.#end(1011, `InternalServerError: ${messageOf(thrown)}`.slice(0, 100));
  }

  #end(code: number, reason: string): void {
    this.close();
    this.#options.socket.close(code, reason);
  }

  #send(text: string): void {
    if (!this.#isClosed) this.#options.socket.send(text);
  }

  #sendJson(message: Readonly<Record<string, unknown>>): void {
    this.#send(JSON.stringify(message));
  }
}
