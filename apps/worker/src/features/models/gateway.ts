import { gatewayModelId, type ModelDescription, ownModelSizes } from "@threadbox/contracts/model";
import { SecretName } from "@threadbox/contracts/secrets";
import { Clock, Effect, Schema } from "effect";
import { type ModelConfig, WorkerConfig } from "../../config.ts";
import type { RouteRequest } from "../../http/route.ts";
import { Outbound } from "../../platform/outbound.ts";
import { type AuthorizedSandbox, requireSandbox } from "../sandbox/index.ts";
import { type HeldUse, SecretVault, whileHeld } from "../secrets/index.ts";
import { ChatRequest } from "./chat-request.ts";
import { demoChunks, demoCompletion } from "./demo-completion.ts";
import { decideDemoAnswer, demoModelLabel } from "./demo-model.ts";
import { ModelRequestError } from "./errors.ts";
import { withModelName } from "./model-name.ts";
import { completeWithOwnKey } from "./own-gateway.ts";
import { readRequest } from "./read-request.ts";
import { askUpstream } from "./upstream.ts";

const decodeChatRequest = Schema.decodeUnknownEffect(ChatRequest);

/** Which model answers in every thread of this installation. */
export const describeModel = Effect.map(
  WorkerConfig,
  ({ model }): ModelDescription =>
    model === null
      ? { provider: "demo", id: "demo", label: demoModelLabel }
      : { provider: "openai-compatible", id: model.name, label: model.name },
);

/** What OpenCode sees when it lists the models: the gateway's one name. */
export const listModels = {
  object: "list",
  data: [{ id: gatewayModelId, object: "model", created: 0, owned_by: "threadbox" }],
};

const answerAsDemo = Effect.fnUntraced(function* (body: Readonly<Record<string, unknown>>) {
  const request = yield* Effect.mapError(decodeChatRequest(body), () => new ModelRequestError({ reason: "malformed" }));
  const answer = decideDemoAnswer(request);
  const now = yield* Clock.currentTimeMillis;
  const stamp = { id: `chatcmpl-demo-${request.messages.length}`, created: Math.floor(now / 1000) };
  if (request.stream !== true) return Response.json(demoCompletion(request, answer, stamp));
  const events = demoChunks(request, answer, stamp).map((chunk) => `data: ${chunk}\n\n`);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const event = events.shift();
      if (event === undefined) controller.close();
      else controller.enqueue(encoder.encode(event));
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
});

const modelKeyName = SecretName.make("MODEL_API_KEY");

interface KeyedModel {
  readonly keyed: ModelConfig;
  readonly uses: readonly HeldUse[];
}

/**
 * The model with the key that the vault holds at this moment, so that a rotated one is in force at a turn's next call. The
 * configured key counts only where the vault has never had one: a revoked key is followed by nothing.
 */
const withLeasedKey = Effect.fnUntraced(function* (model: ModelConfig, sandbox: AuthorizedSandbox, requestId: string) {
  const vault = yield* SecretVault;
  const wish = {
    name: modelKeyName,
    usage: "internal",
    kind: "gateway",
    threadId: sandbox.thread_id,
    generation: sandbox.generation,
    host: new URL(model.baseUrl).host,
    requestId,
  } as const;
  return yield* vault.lease(wish).pipe(
    Effect.flatMap((lease) =>
      Effect.map(vault.hold(lease), (use): KeyedModel => ({ keyed: { ...model, apiKey: lease.value }, uses: [use] })),
    ),
    Effect.catchIf(
      ({ refusal }) => refusal === "notFound",
      () => Effect.succeed<KeyedModel>({ keyed: model, uses: [] }),
    ),
  );
});

const ownModelIds: ReadonlySet<string> = new Set(ownModelSizes.map(({ id }) => id));

/** `POST chat/completions` of a sandbox: to the operator's provider, or to the demo model where none is set; with its user's key where it asks so. */
export const completeChat = Effect.fnUntraced(function* ({
  request,
  requestId,
}: Pick<RouteRequest, "request" | "requestId">) {
  const sandbox = yield* requireSandbox(request);
  const { text, body } = yield* readRequest(request);
  if (ownModelIds.has(String(body.model)))
    return yield* completeWithOwnKey(sandbox, { request, requestId }, { text, body });
  const { model } = yield* WorkerConfig;
  if (model === null) return yield* answerAsDemo(body);
  const asked = { text: withModelName(text, body, model.name), isStream: body.stream === true };
  const { keyed, uses } = yield* withLeasedKey(model, sandbox, requestId);
  const left = AbortSignal.any([request.signal, ...uses.map(({ ended }) => ended)]);
  const answer = askUpstream(keyed, asked, left, yield* Outbound);
  const release = Effect.sync(() => {
    for (const use of uses) use.release();
  });
  return whileHeld(yield* Effect.onError(answer, () => release), uses);
});
