import { Cause, type Effect, Exit, Option } from "effect";
import { Hono } from "hono";
import type { AuditRefusal } from "../platform/audit.ts";
import { newRequestId } from "../platform/ids.ts";
import { log, logDefect } from "../platform/log.ts";
import { failureResponse, internalFailure, RequestRefusedError, type WireFailure } from "./failure.ts";
import { corsHeaders, originFactsOf, preflightResponse, refuseOrigin } from "./origin.ts";
import { isPlainPath } from "./path.ts";
import { refusalOf } from "./refusal.ts";
import type { Route } from "./route.ts";

/** Runs one route's effect with everything it needs. */
export type RunRoute<R> = (
  effect: Effect.Effect<Response, WireFailure, R>,
  signal: AbortSignal,
) => Promise<Exit.Exit<Response, WireFailure>>;

export interface RouterOptions<R> {
  readonly routes: readonly Route<R>[];
  readonly appOrigin: string;
  readonly run: RunRoute<R>;
  readonly now: () => number;
  /** Told of every refusal that is worth a row of the audit. */
  readonly refused: (refusal: AuditRefusal) => void;
}

interface Answer {
  readonly response: Response;
  readonly tag: string;
  readonly refusal: AuditRefusal | null;
}

const answerOf = (exit: Exit.Exit<Response, WireFailure>, requestId: string, path: string): Answer => {
  if (Exit.isSuccess(exit)) return { response: exit.value, tag: "none", refusal: null };
  const failure = Option.getOrNull(Cause.findErrorOption(exit.cause));
  if (failure !== null) {
    const response = failureResponse(failure, requestId);
    return { response, tag: failure.wireTag, refusal: refusalOf(failure, requestId) };
  }
  if (!Cause.hasInterruptsOnly(exit.cause)) logDefect("request.crashed", Cause.squash(exit.cause), { requestId, path });
  return { response: failureResponse(internalFailure, requestId), tag: internalFailure.wireTag, refusal: null };
};

const commonHeaders = (requestId: string): Record<string, string> => ({
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  vary: "Origin",
  "x-content-type-options": "nosniff",
  "x-request-id": requestId,
});

/** An upgraded connection carries no further headers of ours. */
const withHeaders = (response: Response, headers: Record<string, string>): Response => {
  if (response.webSocket !== null) return response;
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
  return copy;
};

const refuse = (wireTag: RequestRefusedError["wireTag"], message: string): Exit.Exit<never, RequestRefusedError> =>
  Exit.fail(new RequestRefusedError({ wireTag, message }));

/** The worker's front door: path, method and origin first, then the route; one log line and one shape of error for all. */
export const makeRouter = <R>({
  routes,
  appOrigin,
  run,
  now,
  refused,
}: RouterOptions<R>): ((request: Request) => Promise<Response>) => {
  const hono = new Hono();

  const serve = async (
    request: Request,
    route: Route<R> | null,
    work: (requestId: string) => Promise<Exit.Exit<Response, WireFailure>>,
    more: Record<string, string> = {},
  ): Promise<Response> => {
    const [requestId, startedAt] = [newRequestId(), now()];
    const path = route?.path ?? "unknown";
    const { response, tag, refusal } = answerOf(await work(requestId), requestId, path);
    if (refusal !== null) refused(refusal);
    // The supervisor asks every few seconds, and a good answer tells nobody anything.
    if (path !== "/health" || !response.ok) {
      log("request.handled", {
        requestId,
        method: request.method,
        path,
        status: response.status,
        tag,
        durationMs: now() - startedAt,
      });
    }
    const cors = route?.audience === "page" ? corsHeaders(request.headers.get("origin"), appOrigin) : {};
    return withHeaders(response, { ...commonHeaders(requestId), ...cors, ...more });
  };

  for (const route of routes) {
    hono.on(route.method, route.path, ({ req }) => {
      const request = req.raw;
      return serve(request, route, async (requestId) => {
        const foreign = route.audience === "page" ? refuseOrigin(originFactsOf(request), appOrigin) : null;
        return foreign === null
          ? run(route.handle({ request, params: req.param(), requestId }), request.signal)
          : Exit.fail(foreign);
      });
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method);
    const route = routes.find((candidate) => candidate.path === path) ?? null;
    hono.all(path, ({ req }) => {
      if (req.method === "OPTIONS" && route?.audience === "page") {
        return preflightResponse(req.header("origin") ?? null, appOrigin, methods);
      }
      const allow = { allow: methods.join(", ") };
      return serve(req.raw, route, async () => refuse("MethodNotAllowed", "This method is not allowed here."), allow);
    });
  }
  hono.all("*", ({ req }) => serve(req.raw, null, async () => refuse("NotFound", "There is nothing at this address.")));
  return async (request) =>
    isPlainPath(new URL(request.url).pathname)
      ? hono.fetch(request)
      : serve(request, null, async () => refuse("PathRejected", "This path is not acceptable."));
};
