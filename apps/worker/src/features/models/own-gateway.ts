import { Effect, Redacted } from "effect";
import type { RouteRequest } from "../../http/route.ts";
import { leaseValue, modelKeyRefused, reachProvider } from "../model-keys/index.ts";
import { type AuthorizedSandbox, requireSandbox } from "../sandbox/index.ts";
import { type HeldUse, SecretVault, whileHeld } from "../secrets/index.ts";
import { anthropicMessages } from "./anthropic.ts";
import { askModel } from "./ask-model.ts";
import { fitModel } from "./fit-model.ts";
import { type OwnModel, OwnModels } from "./own-models.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import { openAiResponses, summaryIfAllowed } from "./responses.ts";
import { responsesRequest } from "./responses-request.ts";
import { askUpstream } from "./upstream.ts";

interface Asking {
  readonly apiUrl: string;
  readonly key: string;
  readonly left: AbortSignal;
  readonly fetcher: typeof fetch;
}

/** The answer of `ask` with the key of this moment, for as long as that may be used. */
const withOwnKey = <E, R>(
  own: OwnModel,
  { thread_id: threadId, generation }: AuthorizedSandbox,
  { request, requestId }: Pick<RouteRequest, "request" | "requestId">,
  ask: (asking: Asking) => Effect.Effect<Response, E, R>,
) =>
  Effect.gen(function* () {
    const { apiUrl, host, fetcher } = yield* reachProvider(own);
    const { userId, keyId } = own;
    const lease = yield* leaseValue({ userId, keyId, threadId, generation, host, requestId });
    const use: HeldUse = yield* SecretVault.use((vault) => vault.hold(lease));
    const left = AbortSignal.any([request.signal, use.ended]);
    const answer = ask({ apiUrl, key: Redacted.value(lease.value), left, fetcher });
    return whileHeld(yield* Effect.onError(answer, () => Effect.sync(use.release)), [use]);
  });

/** A chat completion for a thread whose model a key of its user's opens at an OpenAI-compatible endpoint. */
export const completeWithOwnKey = Effect.fnUntraced(function* (
  sandbox: AuthorizedSandbox,
  routed: Pick<RouteRequest, "request" | "requestId">,
  { text, body }: ReadRequest,
) {
  const own = yield* OwnModels.use((models) => models.of(sandbox.thread_id));
  if (own.kind !== "compatible") return yield* modelKeyRefused("otherModel");
  const asked = { text: fitModel({ text, body }, own), isStream: body.stream === true };
  return yield* withOwnKey(own, sandbox, routed, ({ apiUrl, key, left, fetcher }) =>
    askUpstream({ baseUrl: apiUrl, name: own.model.id, apiKey: Redacted.make(key) }, asked, left, fetcher),
  );
});

/** Anthropic's own header for a key holds the sandbox's credential here. */
const withBearer = (request: Request): Request => {
  const headers = new Headers(request.headers);
  const credential = headers.get("x-api-key");
  if (credential !== null && !headers.has("authorization")) headers.set("authorization", `Bearer ${credential}`);
  return new Request(request.url, { headers });
};

/** What OpenCode wants of Anthropic beside what the version has: names alone, and no more of them than it has. */
const betas = /^[a-z0-9-]{1,60}(?:,\s?[a-z0-9-]{1,60}){0,15}$/;

/** `POST messages` of a sandbox: to Anthropic, for a thread whose model a key of its user's opens. */
export const createMessage = Effect.fnUntraced(function* (routed: Pick<RouteRequest, "request" | "requestId">) {
  const { request } = routed;
  const sandbox = yield* requireSandbox(withBearer(request));
  const { text, body } = yield* readRequest(request);
  const own = yield* OwnModels.use((models) => models.of(sandbox.thread_id));
  if (own.kind !== "anthropic") return yield* modelKeyRefused("otherModel");
  const asked = { text: fitModel({ text, body }, own), isStream: body.stream === true };
  const beta = request.headers.get("anthropic-beta") ?? "";
  const extra = betas.test(beta) ? { "anthropic-beta": beta } : {};
  return yield* withOwnKey(own, sandbox, routed, ({ apiUrl, key, left, fetcher }) =>
    askModel(anthropicMessages(apiUrl, key, extra), asked, left, fetcher),
  );
});

/** `POST responses` of a sandbox: to OpenAI, for a thread whose model a key of its user's opens. */
export const createResponse = Effect.fnUntraced(function* (routed: Pick<RouteRequest, "request" | "requestId">) {
  const sandbox = yield* requireSandbox(routed.request);
  const { body } = yield* readRequest(routed.request);
  const own = yield* OwnModels.use((models) => models.of(sandbox.thread_id));
  if (own.kind !== "openai") return yield* modelKeyRefused("otherModel");
  const asked = {
    text: JSON.stringify(responsesRequest(own.model.id, body, own.effort)),
    isStream: body.stream === true,
  };
  return yield* withOwnKey(own, sandbox, routed, ({ apiUrl, key, left, fetcher }) =>
    askModel(openAiResponses(apiUrl, key), asked, left, summaryIfAllowed(fetcher)),
  );
});
