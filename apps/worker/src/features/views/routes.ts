import type { ThreadId } from "@threadbox/contracts/ids";
import { workspacePath } from "@threadbox/contracts/opencode";
import { OpenView, openCodeApi, portOf } from "@threadbox/contracts/views";
import { workerApi } from "@threadbox/contracts/worker-api";
import { Effect } from "effect";
import { Base64Url } from "effect/encoding";
import { WorkerConfig } from "../../config.ts";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route, type RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log } from "../../platform/log.ts";
import { openCodeSessionOf } from "../chat/index.ts";
import { decodeEntryPath } from "../files/index.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { type AuthorizedThread, authorizeThread } from "../threads/index.ts";
import { requireUser } from "../users/index.ts";
import { ViewAuthority } from "./authority.ts";
import { documentPath } from "./document.ts";
import { ViewsOffError } from "./errors.ts";
import { linkRoutes } from "./link-routes.ts";
import { isNavigation, openCodeRoutes, requireOpenCode, toThreadPage } from "./opencode-route.ts";
import { openingAddress } from "./opening-address.ts";
import { isOurPort } from "./our-ports.ts";
import { portsRoute } from "./ports-route.ts";
import type { ViewServices } from "./services.ts";

const words = "The body must name what to show: opencode, a port, or a file as a document.";
const readOpenView = jsonBody(OpenView, words, smallBody);
const badTarget = () => new RequestRefusedError({ wireTag: "ValidationError", message: words });

/** Where OpenCode's page shows that session, or a new one, of the workspace. */
const openCodePath = (sessionId: string | null): string =>
  [`/${Base64Url.encode(workspacePath)}/session`, ...(sessionId === null ? [] : [sessionId])].join("/");

/** Where a view begins on its origin. */
const beginningOf = Effect.fnUntraced(function* (env: Env, threadId: ThreadId, { target, path }: OpenView) {
  if (target === "opencode") return openCodePath(yield* Effect.promise(() => openCodeSessionOf(env, threadId)));
  return target === "document" ? documentPath(yield* decodeEntryPath(path ?? null)) : "/";
});

const openView = (env: Env) =>
  Effect.fnUntraced(function* ({ requestId }: RouteRequest, thread: AuthorizedThread, wanted: OpenView) {
    const { target } = wanted;
    const { threadId, userId } = thread;
    if (target === "opencode") yield* requireOpenCode(thread);
    const { viewBaseOrigin } = yield* WorkerConfig;
    if (viewBaseOrigin === null) return yield* new ViewsOffError();
    const sandboxes = yield* Sandboxes;
    const authority = yield* ViewAuthority;
    const audit = yield* AuditTrail;
    const { generation, provider } = yield* sandboxes.ensure(threadId);
    const port = portOf(target);
    if (port !== null && isOurPort(provider, port)) return yield* badTarget();
    const beginning = yield* beginningOf(env, threadId, wanted);
    const wish = { threadId, userId, target, generation, path: beginning };
    const url = openingAddress(viewBaseOrigin, yield* authority.issue(wish));
    log("view.opened", { requestId, threadId, generation, target });
    yield* audit.append({ requestId, action: "view.opened", actorId: userId, threadId, outcome: "succeeded" });
    return { url, generation };
  });

/** Ways into what a sandbox serves. None of them is answered on a view's own origin. */
export const viewRoutes = (env: Env): readonly Route<ViewServices>[] => {
  const open = openView(env);
  return [
    ...openCodeRoutes,
    portsRoute,
    ...linkRoutes,
    jsonRoute(
      "openView",
      "page",
      Effect.fn("openView")(function* (routed) {
        const thread = yield* authorizeThread(routed, "header");
        return yield* open(routed, thread, yield* readOpenView(routed));
      }),
    ),
    {
      ...openCodeApi.open,
      audience: "anyone",
      handle: Effect.fn("openOpenCode")(function* (routed) {
        const threadId = new URL(routed.request.url).searchParams.get("thread") ?? "";
        const named = { ...routed, params: { threadId } };
        if (isNavigation(routed.request)) return yield* toThreadPage(threadId);
        return Response.json(yield* open(named, yield* authorizeThread(named, "header"), { target: "opencode" }));
      }),
    },
    {
      ...workerApi.endViews,
      audience: "page",
      handle: Effect.fn("endViews")(function* (routed) {
        const { userId } = yield* requireUser(routed);
        const authority = yield* ViewAuthority;
        yield* authority.end(userId);
        return new Response(null, { status: 204 });
      }),
    },
  ];
};
