import { Schema } from "effect";
import { ThreadId } from "./ids.ts";

/** One user's connection to ChatGPT. */
export const LoginId = Schema.String.check(Schema.isPattern(/^lgn_[A-Za-z0-9_-]{16,64}$/)).pipe(
  Schema.brand("LoginId"),
);
export type LoginId = typeof LoginId.Type;

/** One device authorization, from the click to its end. */
export const LoginFlowId = Schema.String.check(Schema.isPattern(/^flow_[A-Za-z0-9_-]{16,64}$/)).pipe(
  Schema.brand("LoginFlowId"),
);
export type LoginFlowId = typeof LoginFlowId.Type;

/** Bounds of logins and of device authorizations. */
export const loginLimits = {
  loginsMax: 10,
  nameLengthMax: 60,
  /** A code that takes longer to come has failed, in milliseconds. A sandbox may have to start first. */
  requestingMsMax: 120_000,
  /** How long a code is good, in milliseconds, where OpenAI doesn't say. */
  codeMs: 15 * 60_000,
  /** New codes of one user in an hour. */
  startsPerHourMax: 5,
  /** How long a listing that waits for a change waits at most, in milliseconds. */
  listWaitMsMax: 20_000,
  /** Longest that OpenCode's blocking callback is held, in milliseconds. */
  callbackMsMax: 16 * 60_000,
  /** How long a turn waits for its login to be connected again, in milliseconds; then it has failed. */
  turnWaitMsMax: 24 * 3_600_000,
} as const;

/** The only hosts that a verification address may lead to. */
export const verificationHosts: readonly string[] = ["auth.openai.com"];

/**
 * requesting → code → waiting → connected; any of the first three → expired, denied, failed. A flow that is cancelled is
 * gone. `code` and `waiting` show the same code: at `waiting` OpenAI has been asked at least once.
 */
export const LoginFlowState = Schema.Literals([
  "requesting",
  "code",
  "waiting",
  "connected",
  "expired",
  "denied",
  "failed",
]);
export type LoginFlowState = typeof LoginFlowState.Type;

/** connected ⇄ reauth. A login that is disconnected is gone. */
export const LoginState = Schema.Literals(["connected", "reauth"]);
export type LoginState = typeof LoginState.Type;

/** What a page shows of Connect ChatGPT. */
export const ConnectState = Schema.Literals([
  "idle",
  "requesting",
  "code",
  "waiting",
  "connected",
  "expired",
  "denied",
  "failed",
  "reauth",
  "disconnected",
]);
export type ConnectState = typeof ConnectState.Type;

/** The user's last device authorization. One user has at most one that is open; a second start gets the same code. */
export const LoginFlow = Schema.Struct({
  id: LoginFlowId,
  state: LoginFlowState,
  /** The thread in whose sandbox OpenCode asks. */
  threadId: ThreadId,
  /** As OpenAI wrote it, such as `ABCD-12345`; null before it has come and after the flow's end. Never in a URL or a log. */
  userCode: Schema.NullOr(Schema.String),
  /** https, of a host in `verificationHosts`; null as the code. */
  verificationUri: Schema.NullOr(Schema.String),
  /** When the code ends, by the server's clock; null as the code. Milliseconds since 1970, as all times here. */
  expiresAt: Schema.NullOr(Schema.Number),
  startedAt: Schema.Number,
  /** Of `connected`: the login that it led to. Of a reconnect: the login that is to be connected again. */
  loginId: Schema.NullOr(LoginId),
  /** Of `failed`: one plain sentence. */
  reason: Schema.NullOr(Schema.String),
  /** Of `failed`: what to tell support. */
  reference: Schema.NullOr(Schema.String),
});
export type LoginFlow = typeof LoginFlow.Type;

/** How much of a plan's limit is used, as OpenAI last said with an answer. */
export const LoginUsage = Schema.Struct({
  /** 0 to 100. */
  usedPercent: Schema.Number,
  /** Length of the limit's window, in minutes; null: not said. */
  windowMinutes: Schema.NullOr(Schema.Number),
  resetsAt: Schema.NullOr(Schema.Number),
  at: Schema.Number,
});
export type LoginUsage = typeof LoginUsage.Type;

export const LoginView = Schema.Struct({
  id: LoginId,
  /** Chosen by the user; at first the masked account. */
  name: Schema.String,
  state: LoginState,
  /** Masked, such as `a***@example.com`. */
  account: Schema.String,
  /** As OpenAI names it, such as `plus`; null: not said. */
  plan: Schema.NullOr(Schema.String),
  /** Threads without a choice of their own use this one. Exactly one login of a user is. */
  isDefault: Schema.Boolean,
  connectedAt: Schema.Number,
  lastUsedAt: Schema.NullOr(Schema.Number),
  /** Of `reauth`: since when, and one plain sentence. */
  reauthAt: Schema.NullOr(Schema.Number),
  reason: Schema.NullOr(Schema.String),
  /** The shortest window first; empty: OpenAI has said nothing. */
  usage: Schema.Array(LoginUsage),
});
export type LoginView = typeof LoginView.Type;

/** Answer of all routes of logins. Holds no credential and no part of one. */
export const LoginList = Schema.Struct({
  /** Grows with every change; what a listing that waits has seen. */
  revision: Schema.Int,
  /** The server's clock; a countdown goes by the distance to it. */
  now: Schema.Number,
  /** Null: none was started, or it was cancelled, or it was seen to its end and dismissed. */
  flow: Schema.NullOr(LoginFlow),
  /** Oldest first. */
  logins: Schema.Array(LoginView),
  /** Whether a thread without a choice of its own uses the default login. */
  isForNewThreads: Schema.Boolean,
  /** When the last login was disconnected while no other has been connected since; null: never. */
  disconnectedAt: Schema.NullOr(Schema.Number),
});
export type LoginList = typeof LoginList.Type;

const openStates: readonly ConnectState[] = ["requesting", "code", "waiting"];
const endedStates: readonly ConnectState[] = ["expired", "denied", "failed"];

/** A flow that is still on its way. */
export const isFlowOpen = ({ state }: Pick<LoginFlow, "state">): boolean => openStates.includes(state);

/** What a page shows of one login, or of Connect ChatGPT as a whole where it is given none. */
export const connectStateOf = (list: LoginList, loginId: LoginId | null = null): ConnectState => {
  const { flow, logins, disconnectedAt } = list;
  const isItsFlow = flow !== null && (loginId === null || flow.loginId === loginId);
  if (isItsFlow && (openStates.includes(flow.state) || endedStates.includes(flow.state))) return flow.state;
  const login = logins.find(({ id, isDefault }) => (loginId === null ? isDefault : id === loginId));
  if (login !== undefined) return login.state;
  return disconnectedAt === null ? "idle" : "disconnected";
};

/**
 * Body of `POST /api/logins/connect`: begins a device authorization in the thread's sandbox, which is started if needed.
 * Answers at once, with the flow in `requesting`; while one is open, with that one. `RateLimited` after five in an hour.
 */
export const ConnectLogin = Schema.Struct({
  threadId: ThreadId,
  /** The login to connect again; left out: a new one. Of the same account it is the same login in any case, of another another. */
  loginId: Schema.optionalKey(LoginId),
});
export type ConnectLogin = typeof ConnectLogin.Type;

/** Body of `POST /api/logins/cancel`: ends an open flow, or dismisses one that has ended. Idempotent. */
export const CancelLogin = Schema.Struct({ flowId: LoginFlowId });
export type CancelLogin = typeof CancelLogin.Type;

/** Body of `PATCH /api/logins/:loginId`. */
export const ChangeLogin = Schema.Struct({
  name: Schema.optionalKey(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(loginLimits.nameLengthMax))),
  isDefault: Schema.optionalKey(Schema.Literal(true)),
});
export type ChangeLogin = typeof ChangeLogin.Type;

/** Body of `PATCH /api/logins`. */
export const ChangeLogins = Schema.Struct({ isForNewThreads: Schema.Boolean });
export type ChangeLogins = typeof ChangeLogins.Type;

/** Where a person takes the access of this product back at OpenAI itself. */
export const revokeAtOpenAiUrl = "https://chatgpt.com/#settings/Security";

/** Index of OpenCode's method with a device code. Any other index is refused; the worker finds it by its label. */
export const headlessMethod = 1;

/** Body of `POST …/oauth/authorize`. */
export const AuthorizeProvider = Schema.Struct({ method: Schema.Int });
export type AuthorizeProvider = typeof AuthorizeProvider.Type;

/** Answer of `POST …/oauth/authorize`; the code stands in the instructions. */
export const ProviderAuthorization = Schema.Struct({
  url: Schema.String,
  method: Schema.Literals(["auto", "code"]),
  instructions: Schema.String,
});
export type ProviderAuthorization = typeof ProviderAuthorization.Type;

/** Body of `POST …/oauth/callback`, which blocks until OpenCode has the login, or it can't be had any more. */
export const ProviderCallback = Schema.Struct({ method: Schema.Int, code: Schema.optionalKey(Schema.String) });
export type ProviderCallback = typeof ProviderCallback.Type;

/** Answer of `POST …/oauth/callback`: `true`. */
export const ProviderCallbackAnswer = Schema.Boolean;
