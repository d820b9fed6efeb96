import { computerApi } from "@threadbox/contracts/computer-api";
import { MakePreviewLink } from "@threadbox/contracts/preview-links";
import { Effect } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import { jsonRoute, type Route } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { log } from "../../platform/log.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { authorizeThread } from "../threads/index.ts";
import { isOurPort } from "./our-ports.ts";
import { PreviewLinks } from "./preview-links.ts";
import type { ViewServices } from "./services.ts";

const words = "The body must name a port of the sandbox’s and how long the link is good: hour, day or week.";
const readMake = jsonBody(MakePreviewLink, words, smallBody);

/** Making, listing and revoking preview links. None of them starts a sandbox. */
export const linkRoutes: readonly Route<ViewServices>[] = [
  jsonRoute(
    "listPreviewLinks",
    "page",
    Effect.fn("listPreviewLinks")(function* (routed) {
      const links = yield* PreviewLinks;
      const list = yield* links.list(yield* authorizeThread(routed, "header"));
      return { links: list };
    }),
  ),
  jsonRoute(
    "makePreviewLink",
    "page",
    Effect.fn("makePreviewLink")(function* (routed) {
      const thread = yield* authorizeThread(routed, "header");
      const wish = yield* readMake(routed);
      if (
        yield* Sandboxes.use((all) => all.providerOf(thread.threadId)).pipe(
          Effect.map((id) => isOurPort(id ?? "local", wish.port)),
        )
      )
        return yield* new RequestRefusedError({ wireTag: "ValidationError", message: words });
      const links = yield* PreviewLinks;
      const audit = yield* AuditTrail;
      const made = yield* links.make(thread, wish);
      const { requestId } = routed;
      const { threadId, userId: actorId } = thread;
      log("preview.link.made", { requestId, threadId, port: wish.port, lifetime: wish.lifetime });
      const reason = `Port ${wish.port}, good for a ${wish.lifetime}.`;
      yield* audit.append({ requestId, action: "preview.shared", actorId, threadId, outcome: "succeeded", reason });
      return made;
    }),
  ),
  {
    ...computerApi.revokePreviewLink,
    audience: "page",
    /** One that is not there is revoked already. */
    handle: Effect.fn("revokePreviewLink")(function* (routed) {
      const thread = yield* authorizeThread(routed, "header");
      const links = yield* PreviewLinks;
      const audit = yield* AuditTrail;
      const port = yield* links.revoke(thread, routed.params.linkId ?? "");
      const { requestId } = routed;
      const { threadId, userId: actorId } = thread;
      if (port !== null) {
        const reason = `Port ${port}.`;
        yield* audit.append({ requestId, action: "preview.unshared", actorId, threadId, outcome: "succeeded", reason });
      }
      return new Response(null, { status: 204 });
    }),
  },
];
