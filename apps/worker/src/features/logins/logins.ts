import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import type {
  ChangeLogin,
  ConnectLogin,
  LoginFlowId,
  LoginId,
  LoginList,
  LoginState,
  LoginUsage,
} from "@threadbox/contracts/logins";
import type { ModelDescription } from "@threadbox/contracts/model";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import type { ModelKeyId } from "@threadbox/contracts/model-keys";
import { Clock, Context, Effect, Layer, type Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { log } from "../../platform/log.ts";
import { type SandboxClient, type SandboxError, Sandboxes } from "../sandbox/index.ts";
import { ThreadAccess } from "../threads/index.ts";
import type { FlowAnswer, IssuedCode } from "./authorization.ts";
import type { KeyFacts, StoredKey } from "./book.ts";
import type { AccessLease } from "./broker.ts";
import { type LoginOutcome, type LoginRefusedError, loginRefused } from "./errors.ts";
import { type FlowHandle, handleSeconds, type LoginHandle, signHandle } from "./handles.ts";
import type { LoginModels } from "./keeper.ts";
import type { KeyEdit, KeyUse } from "./key-keeper.ts";
import { giveToOpenCode, type OpenCodeAuth, takeFromOpenCode } from "./opencode-login.ts";
import { userLoginsIdOf, userLoginsRef, userLoginsRefOf } from "./refs.ts";
import type { LoginBinding } from "./seals.ts";

type Refusable<A> = Effect.Effect<A, LoginRefusedError>;

/** Everybody's logins, as the rest of the worker sees them. */
export interface LoginsShape {
  /** `seen`: a revision; the answer waits a while for another one. Null: it does not wait. */
  list(userId: UserId, seen: number | null): Refusable<LoginList>;
  /** All that this thread may use of logins, and what answers it; `seen` as at `list`. Null: a thread nobody has chosen for. */
  models(userId: UserId, threadId: ThreadId | null, seen: number | null): Refusable<LoginModels>;
  connect(userId: UserId, wish: ConnectLogin): Refusable<LoginList>;
  /** Opens a flow for a caller that asks OpenCode itself. */
  begin(userId: UserId, threadId: ThreadId): Refusable<void>;
  cancel(userId: UserId, flowId: LoginFlowId): Refusable<LoginList>;
  update(userId: UserId, id: LoginId, change: ChangeLogin): Refusable<LoginList>;
  allowNewThreads(userId: UserId, isForNewThreads: boolean): Refusable<LoginList>;
  choose(userId: UserId, threadId: ThreadId, choice: ModelChoice): Refusable<LoginModels>;
  /** Asks OpenAI whether it takes the login, and what is left of its plan. */
  test(userId: UserId, id: LoginId): Refusable<LoginList>;
  /** Deletes the login; also, as far as they run, the handles in its sandboxes, which are worth nothing from now on. */
  disconnect(userId: UserId, id: LoginId): Refusable<LoginList>;

  keys(userId: UserId): Refusable<readonly KeyFacts[]>;
  key(userId: UserId, id: ModelKeyId): Refusable<StoredKey>;
  editKey(userId: UserId, id: ModelKeyId, edit: KeyEdit): Refusable<readonly KeyFacts[]>;
  mark(userId: UserId, threadId: ThreadId | null, choice: ModelChoice, isMarked: boolean): Refusable<LoginModels>;
  /** The key that the thread uses at this moment, and whose it is; null: none. */
  keyOf(threadId: ThreadId): Refusable<(KeyUse & { readonly userId: UserId }) | null>;

  /** A turn begins: the model that answers it where that is a login's or a key's, whatever is chosen meanwhile; null: the workspace's. */
  beginTurn(threadId: ThreadId): Effect.Effect<ModelDescription | null>;
  endTurn(threadId: ThreadId): Effect.Effect<void>;
  /** How the login that the thread uses stands. Where it is `reauth` the thread is told when that is over. */
  awaitLogin(threadId: ThreadId): Refusable<LoginState | "none">;
  /** Sees to it that OpenCode of this sandbox can use the thread's login. Nothing may run in it. */
  prepare(sandbox: SandboxClient): Effect.Effect<void, LoginRefusedError | SandboxError>;
  /** OpenCode's record for a start; null: the thread uses no login, or none that can be used. */
  authOfStart(threadId: ThreadId, generation: Generation): Effect.Effect<OpenCodeAuth | null>;

  /** A sandbox asks for a code; answered only while the thread's owner connects. */
  requestCode(threadId: ThreadId): Refusable<IssuedCode & { readonly object: string }>;
  answer(handle: FlowHandle): Refusable<FlowAnswer>;
  /** Handles of the login that the flow has led to; null: it has led to none. */
  grant(handle: FlowHandle, generation: Generation): Refusable<OpenCodeAuth | null>;
  lease(handle: LoginHandle, rejected: number | null): Refusable<AccessLease>;
  signOut(handle: LoginHandle, version: number): Refusable<void>;
  noteUsage(handle: LoginHandle, usage: readonly LoginUsage[]): Refusable<void>;
}

export class Logins extends Context.Service<Logins, LoginsShape>()("threadbox/worker/logins/Logins") {}

const ask = <A>(call: () => Promise<A>): Refusable<A> =>
  Effect.tryPromise({ try: call, catch: () => loginRefused("unreachable") });
const askOutcome = <A>(call: () => Promise<LoginOutcome<A>>): Refusable<A> =>
  Effect.flatMap(ask(call), (outcome) =>
    outcome.isOk ? Effect.succeed(outcome.value) : Effect.fail(loginRefused(outcome.refusal)),
  );

const authOf = (root: Redacted.Redacted<Uint8Array>, object: string, thread: ThreadId, binding: LoginBinding) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.promise(async (): Promise<OpenCodeAuth> => {
      const { loginId: login, bindingId } = binding;
      const named = { object, thread, login, binding: bindingId };
      const [access, refresh] = await Promise.all([
        signHandle({ kind: "access", ...named }, root, now),
        signHandle({ kind: "refresh", ...named }, root, now),
      ]);
      return { type: "oauth", access, refresh, expires: now + handleSeconds * 1000, accountId: login };
    }),
  );

export const loginsLayer = (
  env: Pick<Env, "USER_LOGINS">,
): Layer.Layer<Logins, never, WorkerConfig | ThreadAccess | Sandboxes> =>
  Layer.effect(
    Logins,
    Effect.gen(function* () {
      const { sandboxCredentialKey: root } = yield* WorkerConfig;
      const access = yield* ThreadAccess;
      const sandboxes = yield* Sandboxes;

      const ofUser = (userId: UserId) => userLoginsRef(env, userId);
      const objectOf = (userId: UserId) => userLoginsIdOf(env, userId);
      /** Handles are ours, but the object's id is text all the same. */
      const named = (object: string) =>
        Effect.try({ try: () => userLoginsRefOf(env, object), catch: () => loginRefused("handleRefused") });
      const ownerOf = (threadId: ThreadId) =>
        Effect.flatMap(
          Effect.mapError(access.ownerOf(threadId), () => loginRefused("unreachable")),
          (owner) => (owner === null ? Effect.fail(loginRefused("noThread")) : Effect.succeed(owner)),
        );

      /** Handles for a start of the thread's; null where it uses no login. */
      const authFor = Effect.fnUntraced(function* (threadId: ThreadId, generation: Generation) {
        const owner = yield* ownerOf(threadId);
        const binding = yield* askOutcome(() => ofUser(owner).bind(threadId, generation));
        return binding === null ? null : yield* authOf(root, objectOf(owner), threadId, binding);
      });

      const noteLoaded = Effect.fnUntraced(function* (threadId: ThreadId, generation: Generation) {
        const owner = yield* ownerOf(threadId);
        yield* ask(() => ofUser(owner).noteLoaded(threadId, generation));
      });

      /** Best done, never waited for: at the egress the handles are refused already. */
      const takeBack = (threadId: ThreadId, generation: Generation) =>
        sandboxes.attach(threadId, generation).pipe(Effect.flatMap(takeFromOpenCode), Effect.ignore);

      return {
        list: (userId, seen) => ask(() => ofUser(userId).list(userId, seen)),
        models: (userId, threadId, seen) => ask(() => ofUser(userId).models(userId, threadId, seen)),
        connect: (userId, wish) => askOutcome(() => ofUser(userId).start(userId, wish)),
        begin: (userId, threadId) => askOutcome(() => ofUser(userId).begin(userId, threadId)),
        cancel: (userId, flowId) => askOutcome(() => ofUser(userId).cancel(userId, flowId)),
        update: (userId, id, change) => askOutcome(() => ofUser(userId).update(userId, id, change)),
        allowNewThreads: (userId, isAllowed) => askOutcome(() => ofUser(userId).allowNewThreads(userId, isAllowed)),
        choose: (userId, threadId, choice) => askOutcome(() => ofUser(userId).choose(userId, threadId, choice)),
        test: (userId, id) => askOutcome(() => ofUser(userId).test(userId, id)),
        disconnect: Effect.fnUntraced(function* (userId, id) {
          const { list, starts } = yield* askOutcome(() => ofUser(userId).disconnect(userId, id));
          yield* Effect.forEach(starts, ({ threadId, generation }) => takeBack(threadId, generation), {
            concurrency: 8,
            discard: true,
          });
          return list;
        }),

        keys: (userId) => ask(async () => ofUser(userId).keys(userId)),
        key: (userId, id) => askOutcome(() => ofUser(userId).key(userId, id)),
        editKey: (userId, id, edit) => askOutcome(() => ofUser(userId).editKey(userId, id, edit)),
        mark: (userId, threadId, choice, isMarked) =>
          ask(async () => ofUser(userId).mark(userId, threadId, choice, isMarked)),
        keyOf: Effect.fnUntraced(function* (threadId) {
          const userId = yield* ownerOf(threadId);
          const use = yield* ask(async () => ofUser(userId).keyOf(threadId));
          return use === null ? null : { ...use, userId };
        }),

        beginTurn: (threadId) =>
          Effect.flatMap(ownerOf(threadId), (owner) => ask(() => ofUser(owner).beginTurn(threadId))).pipe(
            Effect.catch(({ refusal }) => {
              log("login.unknown", { threadId, refusal });
              return Effect.succeed(null);
            }),
          ),
        endTurn: (threadId) =>
          Effect.ignore(Effect.flatMap(ownerOf(threadId), (owner) => ask(() => ofUser(owner).endTurn(threadId)))),
        awaitLogin: (threadId) =>
          Effect.flatMap(ownerOf(threadId), (owner) => ask(() => ofUser(owner).awaitLogin(threadId))),
        prepare: Effect.fnUntraced(function* (sandbox) {
          const { threadId, generation } = sandbox;
          const owner = yield* ownerOf(threadId);
          if (yield* ask(() => ofUser(owner).isLoaded(threadId, generation))) return;
          const auth = yield* authFor(threadId, generation);
          if (auth === null) return yield* loginRefused("handleRefused");
          yield* giveToOpenCode(sandbox, auth);
          yield* noteLoaded(threadId, generation);
        }),
        authOfStart: (threadId, generation) =>
          authFor(threadId, generation).pipe(
            Effect.tap((auth) => (auth === null ? Effect.void : noteLoaded(threadId, generation))),
            Effect.catch(({ refusal }) => {
              log("login.withheld", { threadId, generation, refusal });
              return Effect.succeed(null);
            }),
          ),

        requestCode: Effect.fnUntraced(function* (threadId) {
          const owner = yield* ownerOf(threadId);
          const code = yield* askOutcome(() => ofUser(owner).requestCode());
          return { ...code, object: objectOf(owner) };
        }),
        answer: ({ object, flow }) => Effect.flatMap(named(object), (logins) => ask(() => logins.answer(flow))),
        grant: Effect.fnUntraced(function* ({ object, flow, thread }, generation) {
          const logins = yield* named(object);
          const binding = yield* askOutcome(() => logins.grant(flow, thread, generation));
          return binding === null ? null : yield* authOf(root, object, thread, binding);
        }),
        lease: ({ object, thread: threadId, login: loginId, binding: bindingId }, rejected) =>
          Effect.flatMap(named(object), (logins) =>
            askOutcome(() => logins.lease({ threadId, loginId, bindingId }, rejected)),
          ),
        signOut: ({ object, login }, version) =>
          Effect.flatMap(named(object), (logins) => ask(() => logins.signOut(login, version))),
        noteUsage: ({ object, login }, usage) =>
          Effect.flatMap(named(object), (logins) => ask(() => logins.noteUsage(login, usage))),
      };
    }),
  );
