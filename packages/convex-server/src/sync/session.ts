import type { Logger } from "pino";
import type { AdminKey } from "../auth/admin-key.ts";
import type { Identity } from "../auth/identity.ts";
import type { AuthVerifier } from "../auth/verifier.ts";
import { Fault, messageOf } from "../faults.ts";
import { type CallContext, callerOf, newRequestId } from "../functions/caller.ts";
import { Mutex } from "../functions/mutex.ts";
import type { Runner } from "../functions/runner.ts";
import type { Store } from "../storage/store.ts";
import { decodeTimestamp, encodeTimestamp } from "../values/timestamp.ts";
import { ClientView } from "./client-view.ts";
import { type ClientMessage, decodeClientMessage, type FunctionRequest } from "./messages.ts";
import { Outbox, type OutboxCarrier } from "./outbox.ts";
import type { QueryCache } from "./query-cache.ts";

/** One WebSocket, as far as a session needs it. */
export interface SessionSocket extends OutboxCarrier {
  close(code: number, reason: string): void;
}

export interface SessionOptions {
  readonly socket: SessionSocket;
  readonly runner: Runner;
  readonly cache: QueryCache;
  readonly store: Store;
  readonly auth: () => AuthVerifier;
  readonly admin: AdminKey;
  readonly log: Logger;
  readonly now: () => number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

type MessageOf<Type extends ClientMessage["type"]> = Extract<ClientMessage, { type: Type }>;

/** Characters of the first message; nothing that a client says of itself needs more. */
const connectSizeMax = 65_536;
/** Mutations that wait or run; a client that has so many is not listened to until there are fewer. */
const mutationsMax = 256;
/** Actions that run; more are refused. */
const actionsMax = 256;
/** What a client may leave unread, in characters: more than all its queries together. */
const unreadMax = 128 << 20;

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
  readonly #outbox: Outbox;
  readonly #onRoom: (() => void)[] = [];
  #mutationCount = 0;
  #actionCount = 0;
  #sessionId: string | null = null;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { cache, store, now } = options;
    this.#outbox = new Outbox(options.socket);
    this.#view = new ClientView({
      cache,
      store,
      now,
      asker: this.#asker,
      mayShow: () => !this.#hasExpired(this.#view.identity),
      whenRead: () => this.#outbox.whenEmpty(),
      send: (parts, size) => this.#post(parts, size),
      fail: (thrown) => this.#fail(thrown),
    });
  }

  /** Takes one message of the client; resolves when it has been handled. */
  receive(text: string): Promise<void> {
    return this.#inbox.run(async () => {
      if (this.#isClosed) return;
      try {
        if (this.#sessionId === null && text.length > connectSizeMax) {
          throw new Fault("InvalidRequest", "The first message is too large.");
        }
        await this.#handle(decodeClientMessage(text));
      } catch (thrown) {
        this.#fail(thrown);
      }
    });
  }

  /** Whether the client has said who it is. */
  get isConnected(): boolean {
    return this.#sessionId !== null;
  }

  /** Milliseconds for which the client has read nothing of what waits for it. */
  get stalledMs(): number {
    return this.#outbox.stalledMs;
  }

  ping(): void {
    // A client that is behind hears from us anyway.
    if (this.#outbox.size === 0) this.#send('{"type":"Ping"}');
  }

  /** Frees what the session holds; called when its socket is gone. */
  close(): void {
    this.#isClosed = true;
    this.#view.close();
    this.#outbox.close();
    for (const resolve of this.#onRoom.splice(0)) resolve();
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
        return this.#mutate(message, this.#sessionId);
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

  async #authenticate(message: MessageOf<"Authenticate">): Promise<void> {
    const { baseVersion } = message;
    const { identityVersion } = this.#view;
    if (baseVersion !== identityVersion) {
      throw new Fault("InvalidRequest", `Identity base version ${baseVersion}, expected ${identityVersion}.`);
    }
    try {
      this.#view.setIdentity(await this.#identify(message));
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      if (thrown.code !== "AuthUnavailable") return this.#refuseAuth(thrown.message, true);
      // The client comes back with the same token instead of giving it up.
      this.#options.log.error(thrown.message);
      return this.#end(1011, "InternalServerError: AuthUnavailable");
    }
  }

  async #identify({ tokenType, value = "", impersonating }: MessageOf<"Authenticate">): Promise<Identity | null> {
    const { auth, admin, now } = this.#options;
    if (tokenType === "Admin") return admin.identify(value, impersonating);
    return tokenType === "User" ? auth().verify(value, new Date(now())) : null;
  }

  async #modifyQuerySet({ baseVersion, newVersion, modifications }: MessageOf<"ModifyQuerySet">): Promise<void> {
    const { querySetVersion } = this.#view;
    if (baseVersion !== querySetVersion) {
      throw new Fault("InvalidRequest", `Query set base version ${baseVersion}, expected ${querySetVersion}.`);
    }
    // A mutation that follows must not run before the first answers are in: they fix where pages end.
    await this.#view.modify(modifications, newVersion);
  }

  /** Resolves when the client may ask for another one. */
  async #mutate(request: FunctionRequest, sessionId: string): Promise<void> {
    this.#mutationCount += 1;
    void this.#runMutation(request, sessionId).finally(() => {
      this.#mutationCount -= 1;
      for (const resolve of this.#onRoom.splice(0)) resolve();
    });
    while (this.#mutationCount >= mutationsMax && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#onRoom.push(resolve));
    }
  }

  #runMutation({ requestId, udfPath: path, args }: FunctionRequest, sessionId: string): Promise<void> {
    const context = this.#context();
    return this.#mutations.run(async () => {
      if (this.#isClosed || this.#hasExpired(context.identity)) return;
      try {
        const answer = await this.#options.runner.runMutation({
          path,
          args: args[0] ?? {},
          caller: callerOf(context.identity),
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
    if (this.#actionCount >= actionsMax) {
      const result = `RateLimited: A session runs at most ${actionsMax} actions at once.`;
      this.#sendJson({ type: "ActionResponse", requestId, success: false, result, logLines: [] });
      return;
    }
    this.#actionCount += 1;
    const call = { path, args: args[0] ?? {}, caller: callerOf(context.identity), context };
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
    void answered
      .catch((thrown: unknown) => this.#fail(thrown))
      .finally(() => {
        this.#actionCount -= 1;
      });
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
    if (this.#isClosed) return;
    // What was said before is said before the end: the carrier keeps the order.
    this.close();
    this.#options.socket.close(code, reason);
  }

  #send(text: string): void {
    this.#post([text], text.length);
  }

  #post(parts: Iterable<string>, size: number): void {
    if (this.#isClosed) return;
    this.#outbox.push(parts, size);
    if (this.#outbox.size > unreadMax) this.#end(1013, "The client reads too slowly");
  }

  #sendJson(message: Readonly<Record<string, unknown>>): void {
    this.#send(JSON.stringify(message));
  }
}
