import { Clock, Effect, Option, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import type { EgressCall } from "../egress/index.ts";
import { loginRefused } from "./errors.ts";
import { handleSeconds, readHandle, signHandle } from "./handles.ts";
import { Logins } from "./logins.ts";
import type { OpenCodeAuth } from "./opencode-login.ts";

const bodyBytesMax = 64 * 1024;

const Poll = Schema.fromJsonString(Schema.Struct({ device_auth_id: Schema.String }));
const decodePoll = Schema.decodeUnknownOption(Poll);

/** A handle that this very thread was given. Every other is nobody's here. */
export const handleOf = Effect.fnUntraced(function* (text: string, { threadId }: EgressCall) {
  const { sandboxCredentialKey } = yield* WorkerConfig;
  const now = yield* Clock.currentTimeMillis;
  const handle = yield* Effect.promise(() => readHandle(text, sandboxCredentialKey, now));
  return handle === null || handle.thread !== threadId ? yield* loginRefused("handleRefused") : handle;
});

const readText = (request: Request) =>
  Effect.tryPromise({ try: () => readBytes(request, bodyBytesMax), catch: () => loginRefused("malformed") }).pipe(
    Effect.map((bytes) => (bytes === null ? "" : new TextDecoder().decode(bytes))),
  );

/** OpenCode's request for a code, answered while the thread's owner connects; what it polls with is a handle. */
const requestCode = Effect.fnUntraced(function* ({ threadId }: EgressCall) {
  const logins = yield* Logins;
  const { sandboxCredentialKey } = yield* WorkerConfig;
  const { object, flowId, userCode, intervalMs } = yield* logins.requestCode(threadId);
  const now = yield* Clock.currentTimeMillis;
  const named = { kind: "device", object, thread: threadId, flow: flowId } as const;
  const device = yield* Effect.promise(() => signHandle(named, sandboxCredentialKey, now));
  const interval = String(Math.ceil(intervalMs / 1000));
  return Response.json({ device_auth_id: device, user_code: userCode, interval });
});

/** OpenCode's polls hear what the server knows; it alone asks OpenAI. */
const poll = Effect.fnUntraced(function* (call: EgressCall) {
  const logins = yield* Logins;
  const { sandboxCredentialKey } = yield* WorkerConfig;
  const asked = Option.getOrNull(decodePoll(yield* readText(call.request)));
  const handle = yield* handleOf(asked?.device_auth_id ?? "", call);
  if (!("flow" in handle)) return yield* loginRefused("handleRefused");
  const answer = yield* logins.answer(handle);
  if (answer === "pending") return Response.json({ error: "authorization_pending" }, { status: 403 });
  if (answer === "ended") return Response.json({ error: "expired_token" }, { status: 400 });
  const now = yield* Clock.currentTimeMillis;
  const code = yield* Effect.promise(() => signHandle({ ...handle, kind: "grant" }, sandboxCredentialKey, now));
  return Response.json({ authorization_code: code, code_verifier: "threadbox" });
});

const tokenAnswer = ({ access, refresh }: OpenCodeAuth): Response =>
  Response.json({
    id_token: access,
    access_token: access,
    refresh_token: refresh,
    token_type: "Bearer",
    expires_in: handleSeconds,
  });

const refused = () => Response.json({ error: "invalid_grant" }, { status: 401 });

/** An exchange gives handles; a renewal gives the same again, while they stand. The broker alone renews what is real. */
const token = Effect.fnUntraced(function* (call: EgressCall) {
  const logins = yield* Logins;
  const form = new URLSearchParams(yield* readText(call.request));
  const isExchange = form.get("grant_type") === "authorization_code";
  const handle = yield* handleOf(form.get(isExchange ? "code" : "refresh_token") ?? "", call);
  if (isExchange && handle.kind === "grant") {
    const auth = yield* logins.grant(handle, call.generation);
    return auth === null ? refused() : tokenAnswer(auth);
  }
  if (handle.kind !== "refresh") return refused();
  const { sandboxCredentialKey: root } = yield* WorkerConfig;
  yield* logins.lease(handle, null);
  const now = yield* Clock.currentTimeMillis;
  const access = yield* Effect.promise(() => signHandle({ ...handle, kind: "access" }, root, now));
  const refresh = form.get("refresh_token") ?? "";
  const expires = now + handleSeconds * 1000;
  return tokenAnswer({ type: "oauth", access, refresh, expires, accountId: handle.login });
});

const answers = {
  "/api/accounts/deviceauth/usercode": requestCode,
  "/api/accounts/deviceauth/token": poll,
  "/oauth/token": token,
};

/** What OpenCode hears in place of OpenAI's authorization server. Nothing else of that server is reached from a sandbox. */
export const answerIssuer = Effect.fn("answerIssuer")(function* (call: EgressCall) {
  const { pathname } = new URL(call.request.url);
  if (call.request.method !== "POST" || !Object.hasOwn(answers, pathname))
    return yield* loginRefused("notForSandboxes");
  return yield* answers[pathname as keyof typeof answers](call);
});
