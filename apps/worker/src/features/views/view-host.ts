import { errorTable } from "@threadbox/contracts/errors";
import { viewOrigin } from "@threadbox/contracts/views";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { failureResponse, internalFailure, type WireFailure } from "../../http/failure.ts";
import { refusalOf } from "../../http/refusal.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log, logDefect } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { pageCallOf } from "../opencode/index.ts";
import { ViewAuthority } from "./authority.ts";
import { answerDocument } from "./document.ts";
import { endedPage } from "./ended-page.ts";
import { refused } from "./errors.ts";
import { hearPageCall } from "./page-calls.ts";
import { proxyRequest, proxySocket } from "./proxy.ts";
import { isUpgrade, readViewCookie, refuseViewRequest, viewHeaders } from "./rules.ts";
import { upstreamOf } from "./upstream.ts";
import { answerVisitor } from "./visitors.ts";

/** Everything below this is ours on a view's origin, whatever a sandbox serves there. */
const ownPaths = "/.threadbox/";

/** The label of a view's origin; the empty one for the view domain itself, null for every host outside it. */
export const viewLabelOf = ({ host }: URL, viewBaseOrigin: string): string | null => {
  const base = new URL(viewBaseOrigin).host;
  if (host === base) return "";
  return host.endsWith(`.${base}`) ? host.slice(0, -base.length - 1) : null;
};

const cookieOf = (session: string): string =>
  `${viewOrigin.cookie}=${session}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${viewOrigin.sessionSeconds}`;

/** A page that is renewed stays where it is; nothing is shown in its place. */
const redeem = Effect.fnUntraced(function* (request: Request, url: URL, label: string) {
  const tickets = url.searchParams.getAll(viewOrigin.ticketParameter);
  const [ticket] = tickets;
  if (request.method !== "GET") return yield* refused("MethodNotAllowed");
  if (request.headers.get("sec-fetch-site") === "cross-site") return yield* refused("CsrfRejected");
  if (ticket === undefined || tickets.length > 1) return yield* refused("TokenMissing");
  const authority = yield* ViewAuthority;
  const { session, path } = yield* authority.redeem(ticket, label);
  const headers = { "set-cookie": cookieOf(session), "cache-control": "no-store" };
  return url.pathname === viewOrigin.renewPath
    ? new Response(null, { status: 204, headers })
    : new Response(null, { status: 303, headers: { ...headers, location: path } });
});

const answer = Effect.fnUntraced(function* (request: Request, label: string) {
  const url = new URL(request.url);
  if (label === "") return yield* answerVisitor(request, url);
  const authority = yield* ViewAuthority;
  if (!(yield* authority.isOurs(label))) return yield* refused("NotFound");
  if (url.pathname === viewOrigin.openPath || url.pathname === viewOrigin.renewPath)
    return yield* redeem(request, url, label);
  if (url.pathname.startsWith(ownPaths)) return yield* refused("NotFound");
  const facts = { method: request.method, url, headers: request.headers };
  const refusal = refuseViewRequest(facts);
  if (refusal !== null) return yield* refused(refusal);
  const admission = yield* authority.admit(readViewCookie(request.headers), label);
  const { userId, threadId, target, linkId } = admission.grant;
  const limits = yield* RequestLimits;
  const { appOrigin, viewBaseOrigin } = yield* WorkerConfig;
  const framedBy = linkId === undefined ? appOrigin : (viewBaseOrigin ?? appOrigin);
  if (target === "document") {
    yield* limits.admit("view", { userId, threadId });
    return yield* answerDocument(facts, threadId, framedBy);
  }
  const closed = upstreamOf(target, admission.sandbox).refuse(facts);
  if (closed !== null) return yield* refused(closed);
  yield* limits.admit(linkId === undefined ? "view" : "visit", { userId, threadId });
  if (isUpgrade(request.headers)) return yield* proxySocket(request, admission, authority);
  const passOn = (asked: Request) => proxyRequest(asked, admission, authority, framedBy);
  const call = target === "opencode" ? pageCallOf(request.method, url.pathname) : null;
  if (call === null) return yield* passOn(request);
  return yield* hearPageCall({ request, call, threadId, sandbox: admission.sandbox }, passOn);
});

const ownHeaders = (response: Response, framedBy: string): Response => {
  if (response.webSocket !== null) return response;
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(viewHeaders(framedBy))) {
    if (!copy.headers.has(name)) copy.headers.set(name, value);
  }
  return copy;
};

/** OpenCode's page shows the sentence of an error where it expects OpenCode's own to stand. */
const asOpenCodeSays = ({ wireTag, message }: WireFailure) => ({ name: wireTag, data: { message } });

/** Answers a request to a view's origin. A person who navigates there is refused in words, everybody else by a wire error. */
export const answerViewHost = Effect.fn("answerViewHost")(function* (
  request: Request,
  label: string,
  requestId: string,
) {
  const { appOrigin, viewBaseOrigin } = yield* WorkerConfig;
  const framedBy = [appOrigin, viewBaseOrigin ?? ""].join(" ").trim();
  const audit = yield* AuditTrail;
  const respond = (failure: WireFailure) =>
    request.headers.get("sec-fetch-mode") === "navigate"
      ? endedPage({
          sentence: failure.message,
          status: errorTable[failure.wireTag].status,
          appOrigin,
          framedBy,
          tells: failure.wireTag !== "UpstreamError",
          isFramed: request.headers.get("sec-fetch-dest") === "iframe",
        })
      : failureResponse(failure, requestId, asOpenCodeSays);
  const refuse = Effect.fnUntraced(function* (failure: WireFailure) {
    const refusal = refusalOf(failure, requestId);
    if (refusal !== null) yield* audit.refuse(refusal);
    log("view.refused", { requestId, method: request.method, tag: failure.wireTag });
    return respond(failure);
  });
  const response = yield* answer(request, label).pipe(
    Effect.catch(refuse),
    Effect.catchDefect((cause) => {
      logDefect("request.crashed", cause, { requestId, path: "view" });
      return Effect.succeed(respond(internalFailure));
    }),
  );
  return ownHeaders(response, framedBy);
});
