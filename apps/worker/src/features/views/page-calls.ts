import type { ErrorTag } from "@threadbox/contracts/errors";
import { Effect, Option, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { RefusedError } from "../../http/failure.ts";
import { OpenCodePage, type PageAnswer } from "../chat/index.ts";
import { type PageCall, readAsk } from "../opencode/index.ts";
import type { SandboxClient } from "../sandbox/index.ts";
import { refused } from "./errors.ts";

/** A message with its files. */
const askBytesMax = 4 * 1024 * 1024;
const answerBytesMax = 1024 * 1024;

const refusal = (wireTag: ErrorTag, message: string) => new RefusedError({ wireTag, message });
const unreadable = () => refusal("ValidationError", "OpenCode can’t be asked this way here.");
const isSubagents = () => refusal("Conflict", "A subagent takes no messages. Write in the thread’s own session.");
const staysAsSaid = () =>
  refusal("Conflict", "This can’t be taken back here. Edit the message in the chat: both versions stay.");

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown));
const decodeSession = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ id: Schema.String, parentID: Schema.optionalKey(Schema.String) })),
);
const decodeFork = Schema.decodeUnknownOption(Schema.Struct({ messageID: Schema.optionalKey(Schema.String) }));

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const readBody = Effect.fnUntraced(function* (message: Request | Response, bytesMax: number) {
  const bytes = yield* Effect.mapError(
    Effect.tryPromise(() => readBytes(message, bytesMax)),
    unreadable,
  );
  return bytes ?? (yield* refused("BodyTooLarge"));
});

/** The session as OpenCode knows it; null where it does not. */
const findSession = Effect.fnUntraced(function* (sandbox: SandboxClient, sessionId: string) {
  const response = yield* sandbox.fetch(`/session/${sessionId}`);
  return Option.getOrNull(decodeSession(text(yield* readBody(response, answerBytesMax))));
});

/** What of a view's request the thread and its sandbox have to decide. */
export interface Hearing {
  readonly request: Request;
  readonly call: PageCall;
  readonly threadId: SandboxClient["threadId"];
  readonly sandbox: SandboxClient;
}

const ask = Effect.fnUntraced(function* ({ request, call, threadId, sandbox }: Hearing) {
  if (call.kind !== "ask") return null;
  const { sessionId } = call;
  const read = readAsk(call.ask, Option.getOrNull(decodeJson(text(yield* readBody(request, askBytesMax)))));
  if (read === null) return yield* unreadable();
  const page = yield* OpenCodePage;
  const told = { kind: "ask", sessionId, ...read } as const;
  let answer: PageAnswer = yield* page.tell(threadId, { ...told, isBegun: false });
  if (answer.kind === "unknown") {
    const session = yield* findSession(sandbox, sessionId);
    if (session === null) return yield* refused("NotFound");
    if (session.parentID !== undefined) return yield* isSubagents();
    answer = yield* page.tell(threadId, { ...told, isBegun: true });
  }
  if (answer.kind === "refused") return yield* refusal(answer.tag, answer.message);
  return new Response(null, { status: 204 });
});

/** The same request, its body read. */
const again = (request: Request, body: Uint8Array<ArrayBuffer>): Request =>
  new Request(request.url, { method: request.method, headers: request.headers, body, signal: request.signal });

const fork = Effect.fnUntraced(function* <E, R>(
  { request, call: { sessionId }, threadId }: Hearing,
  passOn: (request: Request) => Effect.Effect<Response, E, R>,
) {
  const page = yield* OpenCodePage;
  const body = yield* readBody(request, answerBytesMax);
  const asked = Option.getOrNull(decodeFork(Option.getOrNull(decodeJson(text(body))) ?? {}));
  if (asked === null) return yield* unreadable();
  const answer = yield* passOn(again(request, new Uint8Array(body)));
  const bytes = yield* readBody(answer, answerBytesMax);
  const session = answer.ok ? Option.getOrNull(decodeSession(text(bytes))) : null;
  if (session !== null) {
    const promptId = asked.messageID ?? null;
    yield* page.tell(threadId, { kind: "forked", sessionId, forkId: session.id, promptId });
  }
  return new Response(new Uint8Array(bytes), answer);
});

/**
 * Answers what OpenCode's own page does to a conversation: it goes through the thread, so that there is one order and one
 * story. `passOn` asks OpenCode, about everything that is none of the thread's business.
 */
export const hearPageCall = Effect.fn("hearPageCall")(function* <E, R>(
  hearing: Hearing,
  passOn: (request: Request) => Effect.Effect<Response, E, R>,
) {
  const { request, call, threadId } = hearing;
  const page = yield* OpenCodePage;
  switch (call.kind) {
    case "ask":
      return (yield* ask(hearing)) ?? (yield* passOn(request));
    case "fork":
      return yield* fork(hearing, passOn);
    case "stop": {
      const { kind } = yield* page.tell(threadId, { kind: "stop", sessionId: call.sessionId });
      return kind === "taken" ? Response.json(true) : yield* passOn(request);
    }
    case "rewrite": {
      const { kind } = yield* page.tell(threadId, { kind: "owns", sessionId: call.sessionId });
      return kind === "taken" ? yield* staysAsSaid() : yield* passOn(request);
    }
  }
});
