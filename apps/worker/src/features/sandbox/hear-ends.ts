import { ThreadId } from "@threadbox/contracts/ids";
import { type SandboxEnd, SandboxEnds, type TakenEnds } from "@threadbox/contracts/sandbox-host";
import { Effect, Redacted, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { RequestRefusedError, refuser } from "../../http/failure.ts";
import { log } from "../../platform/log.ts";
import { Sandboxes } from "./sandbox.ts";
import { sandboxNameOf } from "./sandbox-name.ts";

/** Whoever asks does not hold the control channel's token, or is a page. */
const refused = refuser({
  TokenMissing: "The control channel's token is needed.",
  TokenInvalid: "The control channel's token is not valid.",
  OriginRejected: "Only the sandbox host may tell this.",
});

/** What the door of the sandbox host needs to decide. */
export type HostDoor = WorkerConfig | Sandboxes;

const bearer = /^Bearer (\S+)$/;
const bodyBytesMax = 262_144;
const decodeEnds = Schema.decodeUnknownEffect(Schema.fromJsonString(SandboxEnds));
const isThreadId = Schema.is(ThreadId);

const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

/** Takes the same time for every wrong token. */
const isSame = (given: string, expected: string): Effect.Effect<boolean> =>
  Effect.promise(async () => crypto.subtle.timingSafeEqual(await digest(given), await digest(expected)));

const requireHost = Effect.fnUntraced(function* ({ headers }: Request) {
  if (headers.has("origin")) return yield* refused("OriginRejected");
  const given = bearer.exec(headers.get("authorization") ?? "")?.[1];
  if (given === undefined) return yield* refused("TokenMissing");
  const { sandboxes } = yield* WorkerConfig;
  const isHost = sandboxes.provider === "local" && (yield* isSame(given, Redacted.value(sandboxes.hostToken)));
  if (!isHost) return yield* refused("TokenInvalid");
});

const readEnds = Effect.fnUntraced(function* (request: Request) {
  const unreadable = () => new RequestRefusedError({ wireTag: "ValidationError", message: "These are no ends." });
  const bytes = yield* Effect.tryPromise({ try: () => readBytes(request, bodyBytesMax), catch: unreadable });
  if (bytes === null) return yield* new RequestRefusedError({ wireTag: "BodyTooLarge", message: "This is too long." });
  const { sandboxes } = yield* Effect.mapError(decodeEnds(new TextDecoder().decode(bytes)), unreadable);
  return sandboxes;
});

/**
 * Whether the thread has taken the end. A sandbox's name is a keyed hash of its owner, so that an owner who does not
 * belong to the name is seen here, and no Durable Object is woken for it.
 */
const hear = Effect.fnUntraced(function* (end: SandboxEnd) {
  const { sandboxNameKey } = yield* WorkerConfig;
  const { owner } = end;
  if (!isThreadId(owner) || (yield* sandboxNameOf(owner, sandboxNameKey)) !== end.name) {
    log("sandbox.end.unknown", { sandboxName: end.name });
    return true;
  }
  const sandboxes = yield* Sandboxes;
  return yield* sandboxes.hearEnd(owner, end).pipe(Effect.orElseSucceed(() => false));
});

/** The sandbox host tells of sandboxes that have ended. Telling the same again changes nothing. */
export const hearEnds = Effect.fn("hearEnds")(function* (request: Request) {
  yield* requireHost(request);
  const ends = yield* readEnds(request);
  const isTaken = yield* Effect.forEach(ends, hear, { concurrency: 8 });
  const later = ends.filter((_, at) => !isTaken[at]).map(({ name }) => name);
  return Response.json({ later } satisfies typeof TakenEnds.Type);
});
