import { MessageId } from "@threadbox/contracts/ids";
import { gatewayModelId, gatewayProviderId, type ModelDescription } from "@threadbox/contracts/model";
import { idempotencyHeader, MessageSandbox, sandboxApiLimits } from "@threadbox/contracts/sandbox-api";
import { Effect, Schema } from "effect";
import { RequestRefusedError, refuser } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import type { RouteRequest } from "../../http/route.ts";
import { newSecretText } from "../../platform/ids.ts";
import { Metrics, timed } from "../../platform/metrics/metrics.ts";
import { Asking } from "../chat/index.ts";
import { describeModel } from "../models/index.ts";
import { requireNamed } from "./named.ts";
import { recorded } from "./recorded.ts";

const refused = refuser({
  UpstreamTimeout:
    "The answer takes longer than a request may wait. It goes on: ask again with the same Idempotency-Key, or look at the thread.",
});

const words = "The body must say message, and may say sessionId, model and config.";
const readBody = jsonBody(MessageSandbox, words, { bytesMax: sandboxApiLimits.messageBytesMax });

const decodeMessageId = Schema.decodeUnknownEffect(MessageId);
const idBytes = 15;

const messageIdOf = ({ request }: RouteRequest) =>
  decodeMessageId(request.headers.get(idempotencyHeader) ?? newSecretText(idBytes)).pipe(
    Effect.mapError(
      () =>
        new RequestRefusedError({
          wireTag: "ValidationError",
          message: "The Idempotency-Key must be 1 to 128 letters, digits, - and _.",
        }),
    ),
  );

type Model = typeof MessageSandbox.Type.model;

/** Whether this is the model that answers anyway; which one that is, is chosen by the thread's owner or the operator. */
export const isWorkspaceModel = (model: Model, { id, label }: ModelDescription): boolean => {
  if (model === undefined || model === null) return true;
  if (typeof model === "string") return [id, label, `${gatewayProviderId}/${gatewayModelId}`].includes(model);
  return model.modelID === id || (model.providerID === gatewayProviderId && model.modelID === gatewayModelId);
};

const textIn = (parts: readonly unknown[]): string =>
  parts
    .map((part) => {
      const { type, text } = part as { readonly type?: unknown; readonly text?: unknown };
      return type === "text" && typeof text === "string" ? text : "";
    })
    .join("");

/** Puts the message into the thread like its owner's own, and answers with what the turn has come to. */
export const messageSandbox = Effect.fn("messageSandbox")(function* (routed: RouteRequest) {
  const { threadId, caller } = yield* requireNamed(routed);
  const { message, sessionId = null, model } = yield* readBody(routed);
  const messageId = yield* messageIdOf(routed);
  const workspace = yield* describeModel;
  if (!isWorkspaceModel(model, workspace)) {
    const sentence = `This installation answers with ${workspace.label}. Leave out model, or choose it in the thread.`;
    return yield* new RequestRefusedError({ wireTag: "ValidationError", message: sentence });
  }
  const asking = yield* Asking;
  const asked = asking.ask(threadId, { messageId, text: message, sessionId }).pipe(
    Effect.timeoutOrElse({
      duration: sandboxApiLimits.answerWaitMs,
      orElse: () => Effect.fail(refused("UpstreamTimeout")),
    }),
  );
  const metrics = yield* Metrics;
  const measured = timed((value) => metrics.note({ kind: "value", name: "sandbox.message_latency", value }))(asked);
  const answer = yield* recorded(measured, { routed, caller, threadId, action: "sandbox.messaged" });
  const parts = JSON.parse(answer.parts) as readonly unknown[];
  return { sessionId: answer.sessionId, response: textIn(parts), parts };
});
