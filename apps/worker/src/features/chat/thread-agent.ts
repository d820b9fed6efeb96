import { AIChatAgent, type OnChatMessageOptions } from "@cloudflare/ai-chat";
import { closeCode } from "@threadbox/contracts/errors";
import { type MessageId, ThreadId, UserId } from "@threadbox/contracts/ids";
import type { LiveProgram, ThreadCommand, ThreadLive } from "@threadbox/contracts/live";
import type { HostedPoint, ThreadPoints } from "@threadbox/contracts/points";
import type { Connection, ConnectionContext, WSMessage } from "agents";
import type { UIMessage } from "ai";
import { Effect, type Layer, ManagedRuntime, Schema } from "effect";
import type { WorkerConfig } from "../../config.ts";
import { AuditTrail } from "../../platform/audit.ts";
import type { ConvexClient } from "../../platform/convex-client.ts";
import { newSecretText } from "../../platform/ids.ts";
import { Approvals, type PendingNews } from "../codemode/index.ts";
import { Logins } from "../logins/index.ts";
import { describeModel } from "../models/index.ts";
import type { Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import type { TurnNow } from "../secrets/index.ts";
import { type ThreadAccess, ThreadLook } from "../threads/index.ts";
import { type Answered, Askers, type Question } from "./askers.ts";
import { userHeader } from "./caller.ts";
import { Clients, type Wires } from "./clients.ts";
import { Guard, userOf } from "./guard.ts";
import { idleLive } from "./live.ts";
import { type Conversation, conversationUpTo, Offshoots } from "./offshoots.ts";
import { type PageAnswer, PageDoor, type PageRequest } from "./page-door.ts";
import { Readiness } from "./readiness.ts";
import { type RestoreEnd, Restores, type RestoreWish } from "./restores.ts";
import { ChatStore } from "./store.ts";
import { describePoints } from "./thread-points.ts";
import { ThreadUpkeep, type ThreadUpkeepHost } from "./thread-upkeep.ts";
import { TurnQueue } from "./turn-queue.ts";
import type { TurnQueueHost } from "./turn-queue-host.ts";

/** What the agent needs from outside. */
type Supplies = WorkerConfig | ConvexClient | AuditTrail | ThreadAccess | Sandboxes | SandboxFiles | Logins | Approvals;

type PersistOptions = Parameters<AIChatAgent["persistMessages"]>[2];

/** The model of the user's login where the thread uses one, else the installation's. */
const modelOfTurn = Effect.fnUntraced(function* (threadId: ThreadId) {
  const logins = yield* Logins;
  return (yield* logins.beginTurn(threadId)) ?? (yield* describeModel);
});

/** While it can't be asked, nothing is begun with the login. */
const isSignedOut = (threadId: ThreadId) =>
  Logins.use((logins) => logins.awaitLogin(threadId)).pipe(
    Effect.map((standing) => standing === "reauth"),
    Effect.catch(() => Effect.succeed(true)),
  );

const isUserId = Schema.is(UserId);
const turnIdBytes = 15;
const lookCallback = "upkeep";

/** One per thread: the adapter between the Agents SDK (sockets, stored transcript, streams) and the turn queue. */
export class ThreadAgent extends AIChatAgent<Env, ThreadLive> {
  override initialState = idleLive;
  override waitForMcpConnections = false;
  /** The turn queue takes lost turns up again; the SDK's own recovery would ask for an answer to be continued. */
  override chatRecovery = { maxAttempts: 1_000_000, maxInterruptedAttempts: Number.POSITIVE_INFINITY };
  readonly #runtime: ManagedRuntime.ManagedRuntime<Supplies, never>;
  readonly #store: ChatStore;
  readonly #clients: Clients;
  readonly #turns: TurnQueue;
  readonly #readiness: Readiness;
  readonly #restores: Restores;
  readonly #offshoots: Offshoots;
  readonly #upkeep: ThreadUpkeep;
  readonly #guard: Guard;
  readonly #page: PageDoor;
  readonly #askers: Askers;
  /** The SDK's handlers, which its constructor sets; whatever reaches them has passed the thread's rules first. */
  readonly #chat: {
    readonly request: (request: Request) => Response | Promise<Response>;
    readonly message: (connection: Connection, message: WSMessage) => void | Promise<void>;
  };

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<Supplies>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    this.#store = new ChatStore(ctx.storage, () => this.#threadId());
    const wires: Wires = {
      send: (connectionId, text) => this.#connection(connectionId)?.send(text),
      broadcast: (text, except) => this.broadcast(text, [...except]),
    };
    this.#clients = new Clients(wires, () => this.#turns.transcript.shown());
    this.#turns = new TurnQueue(this.#store, this.#host());
    this.#readiness = new Readiness({
      threadId: () => this.#threadId(),
      run: (effect) => this.#runtime.runPromise(effect),
      isBusy: () => this.#turns.isBusy(),
      sessionId: () => this.#store.sessions.shown(),
    });
    this.#restores = new Restores(this.#store, this.#turns, {
      threadId: () => this.#threadId(),
      now: Date.now,
      run: (effect) => this.#runtime.runPromise(effect),
    });
    this.#offshoots = new Offshoots(this.#store, this.#turns, {
      threadId: () => this.#threadId(),
      now: Date.now,
      run: (effect) => this.#runtime.runPromise(effect),
      keepAll: (messages) => this.persistMessages([...messages]),
    });
    this.#page = new PageDoor(this.#store, this.#turns, Date.now);
    this.#askers = new Askers(this.#store, this.#turns, () => this.messages);
    this.#upkeep = new ThreadUpkeep(this.#store, new ThreadLook(ctx.storage), this.#care());
    this.#guard = new Guard({
      now: Date.now,
      connections: () => [...this.getConnections()],
      clients: this.#clients,
      limited: (userId) => {
        const subject = { userId, threadId: this.#threadId() };
        const refusal = { action: "socket.refused", tag: "RateLimited", subject } as const;
        void this.#runtime.runPromise(AuditTrail.use((trail) => trail.refuse(refusal)));
      },
    });
    this.#chat = { request: this.onRequest.bind(this), message: this.onMessage.bind(this) };
    this.onMessage = (connection, message) => this.#receive(connection, message);
    this.onRequest = (request) => this.#history(request);
  }

  #threadId(): ThreadId {
    return ThreadId.make(this.name);
  }

  /** The newest of this id: a page keeps its id when it connects anew, and its former connection may not have ended. */
  #connection(id: string): Connection | undefined {
    return [...this.getConnections(id)].at(-1);
  }

  #host(): TurnQueueHost {
    return {
      threadId: () => this.#threadId(),
      now: Date.now,
      newId: () => newSecretText(turnIdBytes),
      model: () => this.#runtime.runPromise(modelOfTurn(this.#threadId())),
      isSignedOut: () => this.#runtime.runPromise(isSignedOut(this.#threadId())),
      takeReady: () => this.#readiness.take(),
      run: (effect) => this.#runtime.runPromise(effect),
      transcript: () => this.messages,
      keep: (message) => this.persistMessages([...this.messages.filter(({ id }) => id !== message.id), message]),
      stream: async (asked) => {
        await this.saveMessages((held) => (held.some(({ id }) => id === asked.id) ? [...held] : [...held, asked]));
      },
      publish: (live) => {
        if (JSON.stringify(live) !== JSON.stringify(this.state)) this.setState(live);
        this.#askers.look();
      },
      withdraw: (pending) => {
        const threadId = this.#threadId();
        const withdrawing = Effect.forEach(pending, ({ approvalId }) =>
          Effect.ignore(Approvals.use((approvals) => approvals.withdraw(threadId, approvalId))),
        );
        this.ctx.waitUntil(this.#runtime.runPromise(withdrawing));
      },
      clients: this.#clients,
      stirred: () => void this.#upkeep.drain().then(() => this.#upkeep.arm()),
    };
  }

  #care(): ThreadUpkeepHost {
    return {
      threadId: () => this.#threadId(),
      now: Date.now,
      run: (effect) => this.#runtime.runPromise(effect),
      isBusy: () => this.#turns.isBusy(),
      isWaiting: () => this.#turns.isWaiting(),
      sockets: () =>
        [...this.getConnections()].map((connection) => ({
          userId: userOf(connection),
          close: () => connection.close(closeCode.auth, "You no longer have access."),
        })),
      looks: async () => (await this.listSchedules()).filter(({ callback }) => callback === lookCallback),
      cancelLook: (id) => this.cancelSchedule(id),
      scheduleLook: (seconds) => this.schedule(seconds, lookCallback, undefined, { idempotent: true }),
    };
  }

  /** What these points are of. `before`: the message before which one is looked for. */
  tellOfPoints(points: readonly HostedPoint[], before: MessageId | null): ThreadPoints {
    return describePoints(points, before, { tree: this.#store.places.tree, transcript: this.messages });
  }

  /** The conversation up to that message, as `beginWith` of another thread takes it; null where there is none. */
  tellConversation(after: MessageId): string | null {
    const conversation = conversationUpTo(this.#store, this.messages, after);
    return conversation === null ? null : JSON.stringify(conversation);
  }

  /** Begins with another thread's conversation; false where this one has begun already. */
  beginWith(conversation: string): Promise<boolean> {
    return this.#offshoots.begin(JSON.parse(conversation) as Conversation);
  }

  /** Puts a point's files in the place of the thread's. */
  restoreFiles(wish: RestoreWish): Promise<RestoreEnd> {
    return this.#restores.restore(wish);
  }

  /** The OpenCode session in which this thread's newest turn was written; null where there is none yet. */
  async openCodeSession(): Promise<string | null> {
    await this.#restores.settled();
    return this.#store.sessions.shown();
  }

  /** The user's logins have changed in a way that matters to a turn that waits. */
  loginChanged(): void {
    this.#turns.lookAtLogin();
  }

  /** What this thread is doing, for the books of the vault; null: nothing. */
  turnNow(): TurnNow | null {
    return this.#turns.now;
  }

  /** A program asks, and waits for the answer. */
  ask(question: Question): Promise<Answered> {
    return this.#askers.ask(question);
  }

  /** Programs wait for a person, or do so no more. */
  approvalsChanged(news: PendingNews): void {
    this.#turns.hearApprovals(news);
  }

  /** How far a program of the running turn has come. */
  programChanged(program: LiveProgram): void {
    this.#turns.showing.programs.hear(program);
  }

  /** True once the turn that runs is stopped; false where it was not for a while. */
  programStopped(): Promise<boolean> {
    return this.#turns.showing.programs.awaitStop();
  }

  /** OpenCode's own page wants something of the thread. */
  hearPage(request: PageRequest): PageAnswer {
    return this.#page.answer(request);
  }

  override async onStart(): Promise<void> {
    const pump = () => this.#turns.pump();
    void (this.#restores.resume()?.then(pump) ?? pump());
  }

  override onConnect(connection: Connection, { request }: ConnectionContext): void {
    const userId = request.headers.get(userHeader);
    if (!isUserId(userId)) {
      connection.close(closeCode.auth, "Nobody is named.");
      return;
    }
    if (!this.#guard.admit(connection, userId)) return;
    // A client that was away may have missed the end of a turn, and what was taken back.
    this.#clients.tellTranscript({ only: connection.id });
    void this.#upkeep.arm();
  }

  /** Without the SDK's frame of the transcript, which holds every branch and nothing that waits: `clients` tells it. */
  override persistMessages(messages: UIMessage[], _except?: string[], options?: PersistOptions): Promise<void> {
    const everybody = [...this.getConnections()].map(({ id }) => id);
    return super.persistMessages(messages, everybody, options);
  }

  override validateStateChange(_next: ThreadLive, source: Connection | "server"): void {
    if (source !== "server") throw new Error("The thread's state is read only.");
  }

  override async onClose(connection: Connection): Promise<void> {
    this.#guard.forget(connection);
  }

  #receive(connection: Connection, data: WSMessage): void | Promise<void> {
    const { id } = connection;
    const frame = this.#guard.hear(connection, data);
    if (frame === null) return;
    if (frame.kind === "resume") return this.#chat.message(connection, data);
    if (frame.kind === "submission") this.#turns.intake.fromClient(frame.submission, id);
    else if (frame.kind === "cancel") this.#turns.cancel(frame.requestId);
    else if (frame.kind === "transcript") this.#clients.tellTranscript({ only: id });
    else if (frame.kind === "malformed") this.#clients.refuse(id, frame.requestId, "ValidationError", frame.reason);
    else if (frame.kind === "other") this.#clients.refuse(id, null, "Forbidden", "This frame is not accepted here.");
    else this.#obey(frame.command, id);
  }

  #obey(command: ThreadCommand, connectionId: string): void {
    if (command.type === "threadbox_stop") this.#turns.stop();
    else if (command.type === "threadbox_composing") void this.#readiness.compose();
    else if (command.type === "threadbox_resume") this.#turns.resume();
    else if (command.type === "threadbox_clear") this.#turns.clear();
    else if (command.type === "threadbox_unqueue") this.#turns.unqueue(command.messageId);
    else if (command.type === "threadbox_advance") this.#turns.advance(command.messageId);
    else if (!this.#turns.select(command.messageId)) {
      this.#clients.refuse(connectionId, null, "AlreadyRunning", "Another version can be shown when nothing runs.");
    }
  }

  async #history(request: Request): Promise<Response> {
    const response = await this.#chat.request(request);
    return response.ok ? Response.json(this.#turns.transcript.shown((await response.json()) as UIMessage[])) : response;
  }

  override async onChatMessage(_onFinish: unknown, options?: OnChatMessageOptions): Promise<Response | undefined> {
    return this.#turns.answer(options?.requestId ?? "") ?? undefined;
  }

  override async onChatRecovery() {
    return { persist: false, continue: false };
  }

  protected override sanitizeMessageForPersistence(message: UIMessage): UIMessage {
    return this.#turns.transcript.settledMessage(message.id) ?? message;
  }

  /** The look after the thread: called by the schedule, also on an object that was lost and starts again for it. */
  async upkeep(): Promise<void> {
    void this.#turns.pump();
    await this.#upkeep.drain();
    await this.#upkeep.closeStrangers();
    // Nothing that was said in a thread outlives it, in this object either.
    if (await this.#upkeep.isOver()) return this.destroy();
    await this.#upkeep.arm();
  }
}
