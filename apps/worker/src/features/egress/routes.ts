import { EgressQuestion, EgressTallies, egressApi } from "@threadbox/contracts/egress";
import { Effect, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { RequestRefusedError, refuser } from "../../http/failure.ts";
import { jsonBody } from "../../http/json-body.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import type { Journal } from "../../platform/journal.ts";
import { log } from "../../platform/log.ts";
import { type Answering, findAnswerer } from "./answerer.ts";
import { packAnswer, readCall } from "./call.ts";
import { decideFor } from "./decide-for.ts";
import { type EgressDoor, requireEgress } from "./door.ts";
import { tellEgress } from "./journal.ts";
import type { Policies } from "./policies.ts";

const questionBytesMax = 1024;
const decodeQuestion = Schema.decodeUnknownEffect(Schema.fromJsonString(EgressQuestion));

const readHost = Effect.fnUntraced(function* (request: Request) {
  const unreadable = () => new RequestRefusedError({ wireTag: "ValidationError", message: "This is no host's name." });
  const bytes = yield* Effect.tryPromise({ try: () => readBytes(request, questionBytesMax), catch: unreadable });
  if (bytes === null) return yield* unreadable();
  const { host } = yield* Effect.mapError(decodeQuestion(new TextDecoder().decode(bytes)), unreadable);
  return host;
});

const readTallies = jsonBody(EgressTallies, "This says nothing of connections.", { bytesMax: 32 * 1024 });

const refused = refuser({ Forbidden: "Nothing is added to requests to this host." });

const carryEgress = Effect.fn("carryEgress")(function* ({ request: carrier, requestId }: RouteRequest) {
  const sandbox = yield* requireEgress(carrier);
  const request = yield* readCall(carrier);
  const answer = yield* findAnswerer(new URL(request.url).host, sandbox.threadId);
  if (answer === null) return yield* refused("Forbidden");
  return packAnswer(yield* answer({ ...sandbox, request, requestId }));
});

/** How requests leave a sandbox: see `egressApi`. */
export const egressRoutes: readonly Route<EgressDoor | Answering | Policies | Journal>[] = [
  {
    method: "POST",
    path: egressApi.decisionPath,
    audience: "machine",
    handle: Effect.fn("decideEgress")(function* ({ request }) {
      const { threadId } = yield* requireEgress(request);
      const host = yield* readHost(request);
      const { answer } = yield* decideFor(host, threadId);
      log("egress.decided", { threadId, host, verdict: answer.verdict });
      return Response.json(answer);
    }),
  },
  { method: "POST", path: egressApi.callPath, audience: "machine", handle: carryEgress },
  { method: "GET", path: egressApi.callPath, audience: "machine", handle: carryEgress },
  {
    method: "POST",
    path: egressApi.tallyPath,
    audience: "machine",
    handle: Effect.fn("tallyEgress")(function* (routed) {
      const { threadId } = yield* requireEgress(routed.request);
      const { tallies } = yield* readTallies(routed);
      yield* tellEgress(threadId, tallies);
      return new Response(null, { status: 204 });
    }),
  },
];
