import { ThreadId } from "@threadbox/contracts/ids";
import { SandboxEnds, SandboxNaps, type TakenEnds } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { readBytes } from "../../http/body.ts";
import { RequestRefusedError } from "../../http/failure.ts";
import { log } from "../../platform/log.ts";
import { requireHost } from "./host-door.ts";
import { Sandboxes } from "./sandbox.ts";
import { sandboxNameOf } from "./sandbox-name.ts";

const bodyBytesMax = 262_144;
const isThreadId = Schema.is(ThreadId);

const bodyOf = Effect.fnUntraced(function* <News>(
  request: Request,
  schema: Schema.Codec<{ readonly sandboxes: readonly News[] }, unknown>,
  what: string,
) {
  const unreadable = () => new RequestRefusedError({ wireTag: "ValidationError", message: `These are no ${what}.` });
  const bytes = yield* Effect.tryPromise({ try: () => readBytes(request, bodyBytesMax), catch: unreadable });
  if (bytes === null) return yield* new RequestRefusedError({ wireTag: "BodyTooLarge", message: "This is too long." });
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema));
  const { sandboxes } = yield* Effect.mapError(decode(new TextDecoder().decode(bytes)), unreadable);
  return sandboxes;
});

/**
 * The thread of which something is told. A sandbox's name is a keyed hash of its owner, so that an owner who does not
 * belong to the name is seen here, and no Durable Object is woken for it.
 */
const threadOf = Effect.fnUntraced(function* ({ name, owner }: { readonly name: string; readonly owner: string }) {
  const { sandboxNameKey } = yield* WorkerConfig;
  if (isThreadId(owner) && (yield* sandboxNameOf(owner, sandboxNameKey)) === name) return owner;
  log("sandbox.end.unknown", { sandboxName: name });
  return null;
});

type Told = { readonly name: (typeof TakenEnds.Type)["later"][number]; readonly owner: string };

/** Answers with those that are to be told again. */
const hearAll = Effect.fnUntraced(function* <News extends Told, R>(
  news: readonly News[],
  hear: (threadId: ThreadId, one: News) => Effect.Effect<boolean, unknown, R>,
) {
  const isTaken = yield* Effect.forEach(
    news,
    Effect.fnUntraced(function* (one) {
      const threadId = yield* threadOf(one);
      return threadId === null ? true : yield* hear(threadId, one).pipe(Effect.orElseSucceed(() => false));
    }),
    { concurrency: 8 },
  );
  const later = news.filter((_, at) => !isTaken[at]).map(({ name }) => name);
  return Response.json({ later } satisfies typeof TakenEnds.Type);
});

/** The sandbox host tells of sandboxes that have ended. Telling the same again changes nothing. */
export const hearEnds = Effect.fn("hearEnds")(function* (request: Request) {
  yield* requireHost(request);
  const sandboxes = yield* Sandboxes;
  return yield* hearAll(yield* bodyOf(request, SandboxEnds, "ends"), sandboxes.hearEnd);
});

/** The same for naps and their ends. */
export const hearNaps = Effect.fn("hearNaps")(function* (request: Request) {
  yield* requireHost(request);
  const sandboxes = yield* Sandboxes;
  return yield* hearAll(yield* bodyOf(request, SandboxNaps, "naps"), (threadId, nap) =>
    Effect.as(sandboxes.hearNap(threadId, nap), true),
  );
});
