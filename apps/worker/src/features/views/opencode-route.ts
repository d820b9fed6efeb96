import { openCodeApi } from "@threadbox/contracts/views";
import { fillPath } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import { pageCallOf } from "../opencode/index.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { type AuthorizedThread, authorizeThread, ThreadAccess } from "../threads/index.ts";
import { ViewAuthority } from "./authority.ts";
import { OpenCodeOffError, refused } from "./errors.ts";
import { hearPageCall } from "./page-calls.ts";
import { proxyRequest, proxySocket } from "./proxy.ts";
import { isUpgrade, refuseOpenCodeRequest } from "./rules.ts";
import type { ViewServices } from "./services.ts";

/** Where a browser that asks the worker for a thread's OpenCode is sent: its page has the token to open a view with. */
export const toThreadPage = Effect.fnUntraced(function* (threadId: string) {
  const { appOrigin } = yield* WorkerConfig;
  const location = new URL(`/t/${encodeURIComponent(threadId)}?panel=opencode`, appOrigin).href;
  return new Response(null, { status: 302, headers: { location } });
});

export const isNavigation = ({ headers }: Request): boolean => headers.get("sec-fetch-mode") === "navigate";

/** Lets on where OpenCode's page is on. While that cannot be asked, it counts as on: it is no question of who may. */
export const requireOpenCode = Effect.fnUntraced(function* ({ threadId, userId }: AuthorizedThread) {
  const access = yield* ThreadAccess;
  const isOn = yield* Effect.catchTag(access.mayOpenOpenCode(threadId, userId), "AccessUnknownError", () =>
    Effect.succeed(true),
  );
  if (!isOn) return yield* new OpenCodeOffError();
});

/** The same request as OpenCode would be asked it, were it at the root. */
const asAtRoot = (request: Request, prefix: string): Request => {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length) || "/";
  return new Request(url, request);
};

const answer = Effect.fn("askOpenCode")(function* (routed: RouteRequest) {
  const { request, params } = routed;
  if (isNavigation(request)) return yield* toThreadPage(params.threadId ?? "");
  const thread = yield* authorizeThread(routed, "header");
  yield* requireOpenCode(thread);
  const { threadId, userId } = thread;
  const prefix = fillPath(openCodeApi.root.path, { threadId });
  const asked = asAtRoot(request, prefix);
  const { method, headers } = asked;
  const url = new URL(asked.url);
  const refusal = refuseOpenCodeRequest({ method, url });
  if (refusal !== null) return yield* refused(refusal);
  // A program shows its token; whatever sends an origin is a page, and has a view for this.
  if (isUpgrade(headers) && headers.has("origin")) return yield* refused("OriginRejected");
  const sandboxes = yield* Sandboxes;
  const authority = yield* ViewAuthority;
  const { appOrigin } = yield* WorkerConfig;
  const sandbox = yield* sandboxes.ensure(threadId);
  const { generation } = sandbox;
  const grant = yield* authority.grant({ threadId, userId, generation, target: "opencode", path: "/" });
  const admission = { grant, sandbox };
  if (isUpgrade(headers)) return yield* proxySocket(asked, admission, authority);
  const passOn = (given: Request) => proxyRequest(given, admission, authority, appOrigin);
  const call = pageCallOf(method, url.pathname);
  const response =
    call === null ? yield* passOn(asked) : yield* hearPageCall({ request: asked, call, threadId, sandbox }, passOn);
  const location = response.headers.get("location");
  if (location !== null) response.headers.set("location", `${prefix}${location}`);
  return response;
});

/**
 * OpenCode under a path of the thread's, for programs that hold its token: the same walls as a view's origin has, and the
 * same one conversation. A browser is sent to the thread with OpenCode beside it.
 */
export const openCodeRoutes: readonly Route<ViewServices>[] = openCodeApi.methods.flatMap((method) =>
  [openCodeApi.root, openCodeApi.below].map(({ path }) => ({
    method,
    path,
    audience: "anyone" as const,
    handle: answer,
  })),
);
