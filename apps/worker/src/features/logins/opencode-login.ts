import type { ThreadId } from "@threadbox/contracts/ids";
import { loginLimits, ProviderAuthorization, verificationHosts } from "@threadbox/contracts/logins";
import { chatGptProviderId } from "@threadbox/contracts/model";
import { Effect, Option, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { withDirectory } from "../opencode/index.ts";
import { type SandboxClient, type SandboxError, Sandboxes } from "../sandbox/index.ts";
import { type LoginRefusedError, loginRefused } from "./errors.ts";

const answerBytesMax = 1024 * 1024;
const oauth = "/provider/openai/oauth";

const Methods = Schema.fromJsonString(
  Schema.Struct({ openai: Schema.Array(Schema.Struct({ type: Schema.String, label: Schema.String })) }),
);
const decodeMethods = Schema.decodeUnknownOption(Methods);
const decodeAuthorization = Schema.decodeUnknownOption(Schema.fromJsonString(ProviderAuthorization));

type Duration = `${number} seconds` | number;

const ask = (sandbox: SandboxClient, path: string, init: RequestInit, duration: Duration) =>
  Effect.acquireUseRelease(
    Effect.sync(() => new AbortController()),
    Effect.fnUntraced(function* ({ signal }) {
      const response = yield* sandbox.fetch(withDirectory(path), { ...init, signal });
      const bytes = yield* Effect.tryPromise({
        try: () => readBytes(response, answerBytesMax),
        catch: () => loginRefused("refusedByOpenCode"),
      });
      return { isOk: response.ok, text: bytes === null ? "" : new TextDecoder().decode(bytes) };
    }),
    // OpenCode's call ends with ours.
    (control) => Effect.sync(() => control.abort()),
  ).pipe(Effect.timeoutOrElse({ duration, orElse: () => Effect.fail(loginRefused("timeout")) }));

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** The index of the method with a device code; it is found by what it is called. */
const methodIn = Effect.fnUntraced(function* (sandbox: SandboxClient) {
  const { text } = yield* ask(sandbox, "/provider/auth", {}, "20 seconds");
  const methods = Option.getOrNull(decodeMethods(text))?.openai ?? [];
  const index = methods.findIndex(({ type, label }) => type === "oauth" && /headless/i.test(label));
  return index < 0 ? yield* loginRefused("notOffered") : index;
});

const leadsToOpenAi = (address: string): boolean => {
  const url = URL.parse(address);
  return url?.protocol === "https:" && url.port === "" && verificationHosts.includes(url.hostname);
};

/** Lets OpenCode begin its own login. Its address is passed on only where it leads to OpenAI. */
export const authorizeInOpenCode = Effect.fnUntraced(function* (sandbox: SandboxClient) {
  const method = yield* methodIn(sandbox);
  const { isOk, text } = yield* ask(sandbox, `${oauth}/authorize`, json("POST", { method }), "30 seconds");
  const authorization = isOk ? Option.getOrNull(decodeAuthorization(text)) : null;
  if (authorization === null || !leadsToOpenAi(authorization.url)) return yield* loginRefused("refusedByOpenCode");
  return authorization;
});

/** Blocks until OpenCode has its handles, or can't have them any more. */
export const callbackInOpenCode = Effect.fnUntraced(function* (sandbox: SandboxClient) {
  const method = yield* methodIn(sandbox);
  const { isOk, text } = yield* ask(sandbox, `${oauth}/callback`, json("POST", { method }), loginLimits.callbackMsMax);
  return isOk && text.trim() === "true" ? true : yield* loginRefused("ended");
});

/** The whole of OpenCode's login in the thread's sandbox, which is started if needed. */
export const connectInSandbox = (
  threadId: ThreadId,
): Effect.Effect<void, LoginRefusedError | SandboxError, Sandboxes> =>
  Effect.gen(function* () {
    const sandboxes = yield* Sandboxes;
    const sandbox = yield* sandboxes.ensure(threadId);
    yield* authorizeInOpenCode(sandbox);
    yield* callbackInOpenCode(sandbox);
  });

/** What OpenCode keeps of a login: handles, never what they stand for. */
export interface OpenCodeAuth {
  readonly type: "oauth";
  readonly access: string;
  readonly refresh: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  readonly accountId: string;
}

/** Gives an OpenCode that runs the handles, and lets it use them. Nothing may run in it: whatever does is interrupted. */
export const giveToOpenCode = Effect.fnUntraced(function* (sandbox: SandboxClient, auth: OpenCodeAuth) {
  const put = yield* ask(sandbox, `/auth/${chatGptProviderId}`, json("PUT", auth), "20 seconds");
  const disposed = yield* ask(sandbox, "/instance/dispose", json("POST", {}), "20 seconds");
  if (!put.isOk || !disposed.isOk) return yield* loginRefused("refusedByOpenCode");
});

export const takeFromOpenCode = (sandbox: SandboxClient) =>
  Effect.asVoid(ask(sandbox, `/auth/${chatGptProviderId}`, { method: "DELETE" }, "5 seconds"));
