import { EgressHost, EgressSandbox } from "@threadbox/contracts/egress";
import { Clock, Effect, Schema } from "effect";
import { failureResponse, internalFailure, RefusedError, refuser, type WireFailure } from "../../http/failure.ts";
import { refusalOf } from "../../http/refusal.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log, logDefect } from "../../platform/log.ts";
import { SandboxOutbound } from "../../platform/outbound.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { decideFor } from "./decide-for.ts";
import { tellEgress } from "./journal.ts";

const refused = refuser({
  TokenInvalid: "The sandbox does not run any more.",
  Forbidden: "This address is not reachable from a sandbox.",
  UpstreamError: "Can't reach this host right now.",
});

const decodeSandbox = Schema.decodeUnknownEffect(EgressSandbox);
const isHost = Schema.is(EgressHost);

/** What the platform was told at the container's start; anything else is no sandbox of ours. */
const readSandbox = Effect.fnUntraced(function* (params: unknown) {
  const sandbox = yield* Effect.mapError(decodeSandbox(params), () => refused("TokenInvalid"));
  const sandboxes = yield* Sandboxes;
  if (!(yield* sandboxes.isCurrent(sandbox.threadId, sandbox.generation))) return yield* refused("TokenInvalid");
  return sandbox;
});

/**
 * Sends a request out for a thread, in the name of one generation of its sandbox: by the same decision as everything that
 * leaves it, and told to its journal. Redirects are handed back.
 */
export const leaveThread = Effect.fn("leaveThread")(function* (
  request: Request,
  { requestId, ...sandbox }: EgressSandbox & { readonly requestId: string },
) {
  const { threadId } = sandbox;
  const { hostname: host, port, protocol } = new URL(request.url);
  if (!isHost(host) || port !== "") return yield* refused("Forbidden");
  const { answerer, answer } = yield* decideFor(host, threadId);
  const { verdict } = answer;
  log("egress.decided", { threadId, host, verdict });
  const now = yield* Clock.currentTimeMillis;
  const cause = answer.verdict === "deny" ? { cause: answer.cause } : {};
  yield* tellEgress(threadId, [{ host, verdict, ...cause, count: 1, firstAt: now, lastAt: now }]);
  if (answer.verdict === "deny") return yield* new RefusedError({ wireTag: "Forbidden", message: answer.reason });
  const own = new Request(request, { redirect: "manual" });
  if (answerer !== null) {
    if (protocol !== "https:") return yield* refused("Forbidden");
    return yield* answerer({ ...sandbox, request: own, requestId });
  }
  const fetcher = yield* SandboxOutbound;
  return yield* Effect.tryPromise({ try: () => fetcher(own), catch: () => refused("UpstreamError") });
});

const goOut = Effect.fnUntraced(function* (request: Request, params: unknown, requestId: string) {
  return yield* leaveThread(request, { ...(yield* readSandbox(params)), requestId });
});

/**
 * Answers a request of a program in a container of Cloudflare's, which hands it to the worker with its encryption ended.
 * It goes where the relay of a sandbox host would let it go, by the same decision, and to a host that is intercepted only
 * if the program encrypted it. `params`: what the platform was told at the container's start.
 */
export const leaveContainer = Effect.fn("leaveContainer")(function* (
  request: Request,
  params: unknown,
  requestId: string,
) {
  const audit = yield* AuditTrail;
  const refuse = Effect.fnUntraced(function* (failure: WireFailure) {
    const refusal = refusalOf(failure, requestId);
    if (refusal !== null) yield* audit.refuse(refusal);
    log("egress.refused", { requestId, tag: failure.wireTag });
    return failureResponse(failure, requestId);
  });
  return yield* goOut(request, params, requestId).pipe(
    Effect.catch(refuse),
    Effect.catchDefect((cause) => {
      logDefect("request.crashed", cause, { requestId, path: "container" });
      return Effect.succeed(failureResponse(internalFailure, requestId));
    }),
  );
});
