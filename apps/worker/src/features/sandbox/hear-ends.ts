import { ThreadId } from "@threadbox/contracts/ids";
import { type SandboxEnd, SandboxEnds, type TakenEnds } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { RequestRefusedError } from "../../http/failure.ts";
import { log } from "../../platform/log.ts";
import { requireHost } from "./host-door.ts";
import { Sandboxes } from "./sandbox.ts";
import { sandboxNameOf } from "./sandbox-name.ts";

const bodyBytesMax = 262_144;
const decodeEnds = Schema.decodeUnknownEffect(Schema.fromJsonString(SandboxEnds));
const isThreadId = Schema.is(ThreadId);

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
