import type { Logger } from "pino";
import type { Identity } from "../auth/identity.ts";
import type { AuthVerifier } from "../auth/verifier.ts";
import { Fault, messageOf } from "../faults.ts";
import { type CallContext, newRequestId } from "../functions/caller.ts";
import { Mutex } from "../functions/mutex.ts";
import type { Runner } from "../functions/runner.ts";
import type { Store } from "../storage/store.ts";
import { decodeTimestamp, encodeTimestamp } from "../values/timestamp.ts";
import { ClientView } from "./client-view.ts";
import { type ClientMessage, decodeClientMessage, type FunctionRequest } from "./messages.ts";
import type { QueryCache } from "./query-cache.ts";

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
  readonly auth: () => AuthVerifier;
  readonly log: Logger;
  readonly now: () => number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

type MessageOf<Type extends ClientMessage["type"]> = Extract<ClientMessage, { type: Type }>;

/** One client's connection: its identity, its queries, its mutations and actions. */
export class Session {
  readonly #options: SessionOptions;
  readonly #view: ClientView;
  /** Who this is where many wait for a turn, as long as nobody has signed in. */
  readonly #asker = newRequestId();
  /** Messages are handled strictly in order. */
  readonly #inbox = new Mutex();
  /** Mutations run one after the other, beside the inbox. */
  readonly #mutations = new Mutex();
  #sessionId: string | null = null;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { cache, store, now } = options;
    this.#view = new ClientView({
      cache,
      store,
      now,
      asker: this.#asker,
      mayShow: () => !this.#hasExpired(this.#view.identity),
      send: (text) => this.#send(text),
      fail: (thrown) => this.#fail(thrown),
    });
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
    this.#view.close();
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
    if (typeof clientTs === "number") this.#view.setClockSkew(clientTs - this.#options.now());
    if (maxObservedTimestamp === undefined) return;
    const observed = decodeTimestamp(maxObservedTimestamp);
    if (observed === null || !this.#options.store.observe(observed)) {
      this.#end(1011, "InternalServerError: the client's timestamp is ahead of the server's clock");
    }
  }

  async #authenticate({ tokenType, value, baseVersion }: MessageOf<"Authenticate">): Promise<void> {
    const { identityVersion } = this.#view;
    if (baseVersion !== identityVersion) {
      throw new Fault("InvalidRequest", `Identity base version ${baseVersion}, expected ${identityVersion}.`);
    }
    try {
      if (tokenType === "Admin") throw new Fault("Unauthenticated", "Admin keys do not exist on the embedded server.");
      const { auth, now } = this.#options;
      const identity = tokenType === "User" ? await auth().verify(value ?? "", new Date(now())) : null;
      this.#view.setIdentity(identity);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      if (thrown.code !== "AuthUnavailable") return this.#refuseAuth(thrown.message, true);
      // The client comes back with the same token instead of giving it up.
      this.#options.log.error(thrown.message);
      return this.#end(1011, "InternalServerError: AuthUnavailable");
    }
  }

  async #modifyQuerySet({ baseVersion, newVersion, modifications }: MessageOf<"ModifyQuerySet">): Promise<void> {
    const { querySetVersion } = this.#view;
    if (baseVersion !== querySetVersion) {
      throw new Fault("InvalidRequest", `Query set base version ${baseVersion}, expected ${querySetVersion}.`);
    }
    // A mutation that follows must not run before the first answers are in: they fix where pages end.
    await this.#view.modify(modifications, newVersion);
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
            this.#view.owe(timestamp);
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
    const { identity } = this.#view;
    const asker = identity?.key ?? this.#asker;
    return { identity, requestId: newRequestId(), asker, ip, userAgent, scheduledFunctionId: null };
  }

  #hasExpired(identity: Identity | null): boolean {
    if (identity === null || identity.expiresAt > this.#options.now()) return false;
    if (!this.#isClosed) this.#refuseAuth("Token expired", false);
    return true;
  }

  #refuseAuth(error: string, authUpdateAttempted: boolean): void {
    this.#sendJson({ type: "AuthError", error, baseVersion: this.#view.identityVersion, authUpdateAttempted });
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
