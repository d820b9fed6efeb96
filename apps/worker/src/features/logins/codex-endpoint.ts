import { wireErrorBody } from "@threadbox/contracts/errors";
import { Clock, Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { Outbound } from "../../platform/outbound.ts";
import type { EgressCall } from "../egress/index.ts";
import { markModelRefusal } from "../opencode/index.ts";
import type { AccessLease } from "./broker.ts";
import { type LoginRefusedError, loginRefused } from "./errors.ts";
import type { LoginHandle } from "./handles.ts";
import { Logins } from "./logins.ts";
import { usageIn } from "./usage.ts";

const prefix = "/backend-api/codex/";
const methods: readonly string[] = ["GET", "POST"];
/** A request is kept whole, because it may have to be sent a second time. */
const requestBytesMax = 32 * 1024 * 1024;
const errorBytesMax = 64 * 1024;

/** Of the program's headers only these go to OpenAI. */
const sentHeaders = ["accept", "content-type", "openai-beta", "originator", "session-id", "session_id", "user-agent"];
/** Of OpenAI's headers only these come back; no cookie does. */
const answeredHeaders = ["content-type", "retry-after", "retry-after-ms", "x-request-id"];

const pick = (from: Headers, names: readonly string[]): Headers => {
  const headers = new Headers();
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
};

interface Call {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array | null;
  readonly left: AbortSignal;
}

const send = Effect.fnUntraced(function* ({ method, path, headers, body, left }: Call, lease: AccessLease) {
  const { openAi } = yield* WorkerConfig;
  const fetcher = yield* Outbound;
  const named = new Headers(headers);
  named.set("authorization", `Bearer ${lease.accessToken}`);
  named.set("chatgpt-account-id", lease.accountId);
  return yield* Effect.tryPromise({
    try: () =>
      fetcher(`${openAi.codexUrl}${path}`, {
        method,
        headers: named,
        redirect: "manual",
        signal: left,
        ...(body === null ? {} : { body }),
      }),
    catch: () => loginRefused("openAiUnreachable"),
  });
});

/** A refusal in the form in which OpenCode repeats words: it says what can be done, and holds nothing of OpenAI's headers. */
const refusalAnswer = (status: number, message: string, headers = new Headers()): Response => {
  headers.delete("content-type");
  return Response.json({ error: { message, type: "threadbox" } }, { status, headers });
};

const limitWords = "Your ChatGPT plan's limit is reached.";

const limitAnswer = (upstream: Response): Response => {
  const headers = pick(upstream.headers, answeredHeaders);
  const seconds = Number(
    upstream.headers.get("retry-after") ?? upstream.headers.get("x-codex-primary-reset-after-seconds") ?? Number.NaN,
  );
  const waitSeconds = Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
  return refusalAnswer(429, markModelRefusal(limitWords, { kind: "limit", waitSeconds }), headers);
};

/** The text of a refusal, without anything that was sent with it. */
const wordsOf = Effect.fnUntraced(function* (upstream: Response, lease: AccessLease) {
  const bytes = yield* Effect.promise(() => readBytes(upstream, errorBytesMax).catch(() => null));
  const text = bytes === null ? "" : new TextDecoder().decode(bytes);
  return text.replaceAll(lease.accessToken, "…").replaceAll(lease.accountId, "…");
});

/**
 * What OpenCode gives up on at once, and repeats in full: the turn reads from it that it has to wait for its login.
 * OpenCode would try again what has any other status of a refusal that a login has ended.
 */
const signedOutAnswer = ({ wireTag, message }: LoginRefusedError, { requestId }: EgressCall): Response =>
  Response.json(wireErrorBody(wireTag, message, requestId), { status: 401 });

/**
 * A call of Codex's endpoint: the handle goes, the access token of this moment comes in its place, and the answer streams
 * back. One that OpenAI refuses as not signed in waits for the login to be renewed, and is sent once more.
 */
export const answerCodex = (call: EgressCall, handle: LoginHandle) =>
  carry(call, handle).pipe(
    Effect.catch((error) =>
      error.wireTag === "ReauthRequired" ? Effect.succeed(signedOutAnswer(error, call)) : Effect.fail(error),
    ),
  );

const carry = Effect.fn("answerCodex")(function* ({ request }: EgressCall, handle: LoginHandle) {
  const url = new URL(request.url);
  if (!url.pathname.startsWith(prefix) || !methods.includes(request.method))
    return yield* loginRefused("notForSandboxes");
  const logins = yield* Logins;
  const bytes = yield* Effect.tryPromise({
    try: () => readBytes(request, requestBytesMax),
    catch: () => loginRefused("malformed"),
  });
  if (bytes === null) return refusalAnswer(413, "The request is too large.");
  const call: Call = {
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: pick(request.headers, sentHeaders),
    body: request.method === "POST" ? bytes : null,
    left: request.signal,
  };
  const first = yield* logins.lease(handle, null);
  let [lease, upstream] = [first, yield* send(call, first)];
  if (upstream.status === 401) {
    yield* Effect.promise(async () => upstream.body?.cancel());
    lease = yield* logins.lease(handle, first.version);
    upstream = yield* send(call, lease);
    if (upstream.status === 401) {
      yield* logins.signOut(handle, lease.version);
      return yield* loginRefused("reauth");
    }
  }
  const now = yield* Clock.currentTimeMillis;
  const usage = usageIn(upstream.headers, now);
  if (usage.length > 0) yield* Effect.ignore(logins.noteUsage(handle, usage));
  if (upstream.status === 429) {
    yield* Effect.promise(async () => upstream.body?.cancel());
    return limitAnswer(upstream);
  }
  if (!upstream.ok) {
    const words = yield* wordsOf(upstream, lease);
    return new Response(words, { status: upstream.status, headers: pick(upstream.headers, answeredHeaders) });
  }
  return new Response(upstream.body, { status: upstream.status, headers: pick(upstream.headers, answeredHeaders) });
});
