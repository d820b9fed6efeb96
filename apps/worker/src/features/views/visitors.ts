import { type OpenedPreview, type PreviewSight, previewPage, VisitPreview } from "@threadbox/contracts/preview-links";
import { isUp } from "@threadbox/contracts/sandbox";
import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { log } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { ThreadAccess } from "../threads/index.ts";
import { ViewAuthority } from "./authority.ts";
import { linkRefused, refused } from "./errors.ts";
import { openingAddress } from "./opening-address.ts";
import { PreviewLinks } from "./preview-links.ts";
import { visitorsPage } from "./visitors-page.ts";

const readVisit = jsonBody(VisitPreview, "The body must hold the link.", smallBody);

/** What the link in the request leads to, where it may and while it runs. Starts nothing. */
const find = Effect.fnUntraced(function* (request: Request) {
  const { link: seal } = yield* readVisit({ request, params: {}, requestId: "" });
  const links = yield* PreviewLinks;
  const link = yield* links.read(seal);
  const { userId, threadId } = link;
  const limits = yield* RequestLimits;
  yield* limits.admit("visit", { userId, threadId });
  const access = yield* ThreadAccess;
  if (!(yield* access.isGranted(threadId, userId))) return yield* linkRefused("SignedUrlInvalid");
  const sandboxes = yield* Sandboxes;
  const state = yield* sandboxes.find(threadId);
  if (state === null || !isUp(state.status)) return yield* linkRefused("SandboxUnavailable");
  return { link, generation: state.generation };
});

const open = Effect.fn("openPreview")(function* (request: Request, viewBaseOrigin: string) {
  const { link, generation } = yield* find(request);
  const { id, userId, threadId, port, expiresAt } = link;
  const authority = yield* ViewAuthority;
  const wish = { threadId, userId, target: `port:${port}`, generation, path: "/", linkId: id } as const;
  const url = openingAddress(viewBaseOrigin, yield* authority.issue(wish));
  log("preview.visited", { threadId, generation, port });
  return Response.json({ url, port, expiresAt, generation } satisfies OpenedPreview);
});

const look = Effect.fn("lookAtPreview")(function* (request: Request) {
  const { link, generation } = yield* find(request);
  return Response.json({ port: link.port, expiresAt: link.expiresAt, generation } satisfies PreviewSight);
});

/**
 * The view domain itself, where whoever has a preview link comes to. A sandbox's page is same-site with it, so what is asked
 * here names this very origin. Cookies mean nothing here.
 */
export const answerVisitor = Effect.fn("answerVisitor")(function* (request: Request, url: URL) {
  const { viewBaseOrigin } = yield* WorkerConfig;
  if (viewBaseOrigin === null) return yield* refused("NotFound");
  switch (url.pathname) {
    case previewPage.path:
      return request.method === "GET" ? visitorsPage(viewBaseOrigin) : yield* refused("MethodNotAllowed");
    case previewPage.openPath:
    case previewPage.lookPath:
      if (request.method !== "POST") return yield* refused("MethodNotAllowed");
      if (request.headers.get("origin") !== viewBaseOrigin) return yield* refused("CsrfRejected");
      return url.pathname === previewPage.openPath ? yield* open(request, viewBaseOrigin) : yield* look(request);
    default:
      return yield* refused("NotFound");
  }
});
