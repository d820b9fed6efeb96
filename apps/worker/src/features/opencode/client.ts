import { gatewayModelId, gatewayProviderId } from "@threadbox/contracts/model";
import { workspacePath } from "@threadbox/contracts/opencode";
import { Effect, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { isDeeperThan } from "../../platform/json-depth.ts";
import type { SandboxClient, SandboxError } from "../sandbox/index.ts";
import type { Ask } from "./ask.ts";
import { type AttachedFile, attachedParts } from "./attached.ts";
import { answerBytesMax, jsonDepthMax } from "./bounds.ts";
import { OpenCodeExcessError, OpenCodeRefusedError, OpenCodeSilentError } from "./errors.ts";
import { OpenCodeEntry, OpenCodeSessionStatus } from "./wire.ts";

export type OpenCodeError = SandboxError | OpenCodeSilentError | OpenCodeRefusedError | OpenCodeExcessError;

export interface OpenCodePrompt {
  /** Ours, so that it can be found again when the answer to the call is lost. */
  readonly messageId: string;
  readonly text: string;
  /** Told to the model before the text; not part of what the user said. */
  readonly recap: string | null;
  /** What OpenCode's own page asked; null where only the text is asked. */
  readonly ask: Ask | null;
  /** Files of the workspace that go with the text. */
  readonly attached?: readonly AttachedFile[];
}

export type CommandAsk = Exclude<Ask, { kind: "prompt" }>;

/** The calls a turn needs. Each has a time-out of its own: OpenCode may accept a connection and never answer. */
export interface OpenCodeClient {
  /** Whether OpenCode knows the model that answers here; where it doesn't say, it counts as known. */
  readonly knowsModel: Effect.Effect<boolean, OpenCodeError>;
  createSession(title: string): Effect.Effect<string, OpenCodeError>;
  hasSession(sessionId: string): Effect.Effect<boolean, OpenCodeError>;
  /** Returns once OpenCode has taken the prompt; the answer arrives as events. */
  prompt(sessionId: string, prompt: OpenCodePrompt): Effect.Effect<void, OpenCodeError>;
  /**
   * Lets the model be called again for a prompt whose last call has failed. The same prompt with nothing added: what tools
   * have done for it stays done. Returns once OpenCode has taken it.
   */
  goOn(sessionId: string, messageId: string, ask: Ask | null): Effect.Effect<void, OpenCodeError>;
  /** Returns once the command is carried out: OpenCode gives one up whose caller leaves. */
  carryOut(sessionId: string, messageId: string, ask: CommandAsk): Effect.Effect<void, OpenCodeError>;
  abort(sessionId: string): Effect.Effect<void, OpenCodeError>;
  /** The session's messages from `sinceId` on, oldest first; all of them where it is not among them. */
  messages(sessionId: string, sinceId: string): Effect.Effect<readonly OpenCodeEntry[], OpenCodeError>;
  status(sessionId: string): Effect.Effect<OpenCodeSessionStatus, OpenCodeError>;
  /**
   * A new session with the messages of this one up to, and without, this user message. No file is touched. Null where the
   * session does not hold the message: OpenCode itself would copy everything then.
   */
  fork(sessionId: string, messageId: string): Effect.Effect<string | null, OpenCodeError>;
  approve(permissionId: string): Effect.Effect<void, OpenCodeError>;
  rejectQuestion(questionId: string): Effect.Effect<void, OpenCodeError>;
}

/** Every path of OpenCode's is asked for the workspace, wherever the server itself was started. */
export const withDirectory = (path: string): string =>
  `${path}${path.includes("?") ? "&" : "?"}directory=${encodeURIComponent(workspacePath)}`;

const Fault = Schema.Struct({ name: Schema.String });
const isFault = Schema.is(Fault);
const Session = Schema.Struct({ id: Schema.String });
const Entries = Schema.Array(OpenCodeEntry);
const Providers = Schema.Struct({
  providers: Schema.Array(Schema.Struct({ id: Schema.String, models: Schema.Record(Schema.String, Schema.Unknown) })),
});
const Statuses = Schema.Record(Schema.String, OpenCodeSessionStatus);

/** A model as OpenCode's calls name it. */
export interface OpenCodeModel {
  readonly providerID: string;
  readonly modelID: string;
}

/** The installation's own. */
const gatewayModel: OpenCodeModel = { providerID: gatewayProviderId, modelID: gatewayModelId };
/** OpenCode's own; a command of the shell has to name one. */
const usualAgent = "build";

type Paging = readonly [first: number, growth: number];
/** Messages read at once; a turn longer than that is read with a larger page, so many times as large. */
const usualPages: Paging = [25, 4];
/** The same where what earlier messages hold, pictures above all, makes the answer too long. */
const shortPages: Paging = [4, 2];

const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** `model` answers what this client asks. */
export const makeOpenCodeClient = (sandbox: SandboxClient, model: OpenCodeModel = gatewayModel): OpenCodeClient => {
  const call = Effect.fn("OpenCode.call")(function* (
    name: string,
    path: string,
    init: RequestInit,
    duration: `${number} seconds`,
  ): Effect.fn.Return<unknown, OpenCodeError> {
    const silent = (cause: unknown) => new OpenCodeSilentError({ call: name, cause: String(cause) });
    const answer = Effect.acquireUseRelease(
      Effect.sync(() => new AbortController()),
      Effect.fnUntraced(function* ({ signal }) {
        const response = yield* sandbox.fetch(withDirectory(path), { ...init, signal });
        const bytes = yield* Effect.tryPromise({ try: () => readBytes(response, answerBytesMax), catch: silent });
        if (bytes === null) return yield* new OpenCodeExcessError({ excess: "answer" });
        const text = new TextDecoder().decode(bytes);
        if (isDeeperThan(text, jsonDepthMax)) return yield* new OpenCodeExcessError({ excess: "depth" });
        const body = yield* Effect.try({
          try: () => (text === "" ? null : (JSON.parse(text) as unknown)),
          catch: silent,
        });
        return { response, body };
      }),
      // What is left of an answer that nobody waits for any more is not read.
      (control) => Effect.sync(() => control.abort()),
    );
    const { response, body } = yield* answer.pipe(
      Effect.timeoutOrElse({ duration, orElse: () => Effect.fail(silent("timeout")) }),
    );
    if (response.ok) return body;
    const reason = isFault(body) ? body.name : "UnknownError";
    return yield* new OpenCodeRefusedError({ call: name, status: response.status, name: reason });
  });

  const decoded = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, name: string, body: unknown) =>
    Effect.mapError(
      Schema.decodeUnknownEffect(schema)(body),
      (error) => new OpenCodeSilentError({ call: name, cause: error.message }),
    );

  const readMessages = Effect.fnUntraced(function* (sessionId: string, limit: number) {
    const body = yield* call("messages", `/session/${sessionId}/message?limit=${limit}`, {}, "10 seconds");
    return yield* decoded(Entries, "messages", body);
  });

  const pagesSince = Effect.fnUntraced(function* (sessionId: string, sinceId: string, [first, growth]: Paging) {
    for (let limit = first; ; limit *= growth) {
      const entries = yield* readMessages(sessionId, limit);
      const at = entries.findIndex(({ info }) => info.id === sinceId);
      if (at >= 0) return entries.slice(at);
      if (entries.length < limit) return entries;
    }
  });

  const messagesSince = (sessionId: string, sinceId: string) =>
    Effect.catchIf(
      pagesSince(sessionId, sinceId, usualPages),
      (error) => error._tag === "OpenCodeExcessError" && error.excess === "answer",
      () => pagesSince(sessionId, sinceId, shortPages),
    );

  const promptAsync = (sessionId: string, body: object) =>
    Effect.asVoid(call("prompt", `/session/${sessionId}/prompt_async`, json(body), "10 seconds"));
  const agentOf = (ask: Ask | null) => (ask?.agent === undefined ? {} : { agent: ask.agent });

  return {
    knowsModel: Effect.gen(function* () {
      const body = yield* call("providers", "/config/providers", {}, "10 seconds");
      const { providers } = yield* decoded(Providers, "providers", body);
      return providers.some(({ id, models }) => id === model.providerID && Object.hasOwn(models, model.modelID));
    }).pipe(Effect.catchTag(["OpenCodeRefusedError", "OpenCodeSilentError"], () => Effect.succeed(true))),
    createSession: Effect.fnUntraced(function* (title) {
      const body = yield* call("createSession", "/session", json({ title }), "20 seconds");
      return (yield* decoded(Session, "createSession", body)).id;
    }),
    hasSession: (sessionId) =>
      call("hasSession", `/session/${sessionId}`, {}, "10 seconds").pipe(
        Effect.as(true),
        Effect.catchTag("OpenCodeRefusedError", (refused) =>
          refused.status === 404 ? Effect.succeed(false) : Effect.fail(refused),
        ),
      ),
    prompt: (sessionId, { messageId, text, recap, ask, attached = [] }) =>
      promptAsync(sessionId, {
        messageID: messageId,
        model,
        ...agentOf(ask),
        parts: [
          ...(recap === null ? [] : [{ type: "text", text: recap, synthetic: true }]),
          ...attachedParts(attached),
          ...(ask?.kind === "prompt" ? ask.parts : [{ type: "text", text }]),
        ],
      }),
    goOn: (sessionId, messageId, ask) =>
      promptAsync(sessionId, { messageID: messageId, model, ...agentOf(ask), parts: [] }),
    carryOut: (sessionId, messageId, { kind, ...ask }) =>
      Effect.asVoid(
        call(
          kind,
          `/session/${sessionId}/${kind}`,
          json(
            kind === "shell"
              ? { agent: usualAgent, ...ask, messageID: messageId, model }
              : { ...ask, messageID: messageId, model: `${model.providerID}/${model.modelID}` },
          ),
          "21600 seconds",
        ),
      ),
    abort: (sessionId) => Effect.asVoid(call("abort", `/session/${sessionId}/abort`, json({}), "2 seconds")),
    messages: messagesSince,
    status: Effect.fnUntraced(function* (sessionId) {
      const body = yield* call("status", "/session/status", {}, "5 seconds");
      const statuses = yield* decoded(Statuses, "status", body);
      return statuses[sessionId] ?? { type: "idle" as const };
    }),
    fork: Effect.fnUntraced(function* (sessionId, messageId) {
      const [first] = yield* messagesSince(sessionId, messageId);
      if (first?.info.id !== messageId) return null;
      const body = yield* call("fork", `/session/${sessionId}/fork`, json({ messageID: messageId }), "20 seconds");
      return (yield* decoded(Session, "fork", body)).id;
    }),
    approve: (permissionId) =>
      Effect.asVoid(call("approve", `/permission/${permissionId}/reply`, json({ reply: "once" }), "5 seconds")),
    rejectQuestion: (questionId) =>
      Effect.asVoid(call("rejectQuestion", `/question/${questionId}/reject`, json({}), "5 seconds")),
  };
};
