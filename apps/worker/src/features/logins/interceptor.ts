import { Effect } from "effect";
import type { WorkerConfig } from "../../config.ts";
import type { Outbound } from "../../platform/outbound.ts";
import type { EgressCall, EgressInterceptors } from "../egress/index.ts";
import { answerCodex } from "./codex-endpoint.ts";
import { loginRefused } from "./errors.ts";
import { answerIssuer, handleOf } from "./issuer-endpoint.ts";
import type { Logins } from "./logins.ts";

const bearer = /^Bearer ([A-Za-z0-9_.-]+)$/;

const answerChatGpt = Effect.fnUntraced(function* (call: EgressCall) {
  const text = bearer.exec(call.request.headers.get("authorization") ?? "")?.[1] ?? "";
  const handle = yield* handleOf(text, call);
  if (handle.kind !== "access") return yield* loginRefused("handleRefused");
  return yield* answerCodex(call, handle);
});

/** The hosts that OpenCode's login asks: the authorization server, and the endpoint of ChatGPT's models. */
export const loginInterceptors = Effect.map(
  Effect.context<Logins | WorkerConfig | Outbound>(),
  (services): EgressInterceptors["Service"] => [
    { hosts: ["auth.openai.com"], handle: (call) => Effect.provide(answerIssuer(call), services) },
    { hosts: ["chatgpt.com"], handle: (call) => Effect.provide(answerChatGpt(call), services) },
  ],
);
