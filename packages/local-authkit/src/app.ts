import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import type { Logger } from "pino";
import { assetRoutes } from "./assets.ts";
import { authenticateRoutes } from "./authenticate-routes.ts";
import { authorizeRoutes } from "./authorize-routes.ts";
import type { Identity } from "./identity.ts";
import { sessionRoutes } from "./session-routes.ts";

/** A name that is not ours in `Host` means that some site's DNS points here to be taken for us. */
const isOwnHost = (host: string): boolean => /^(localhost|127\.0\.0\.1|threadbox\.localhost)(:\d{1,5})?$/.test(host);

/** All routes of the identity process. Queries and bodies carry codes and tokens, so neither is ever logged. */
export const createApp = (identity: Identity, log: Logger) => {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    // The supervisor asks every few seconds, and a good answer tells nobody anything.
    if (path === "/health" && c.res.ok) return;
    log.info({ event: "request.answered", method, path, status: c.res.status });
  });
  app.use(async (c, next) => {
    if (!isOwnHost(c.req.header("host") ?? "")) return c.text("This host is not served here.", 421);
    return await next();
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["data:"],
        baseUri: ["'none'"],
        // Chromium applies this to the redirect that answers the form, too.
        formAction: ["'self'", identity.config.appOrigin],
        frameAncestors: ["'none'"],
      },
      // Not "no-referrer": with that, the browser sends our own form with `Origin: null`.
      referrerPolicy: "same-origin",
      strictTransportSecurity: false,
      crossOriginResourcePolicy: false,
    }),
  );
  app.use(bodyLimit({ maxSize: 64 * 1024 }));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
  });
  app.get("/health", (c) => c.json({ status: "ok", issuer: identity.issuer }));
  app.route("/", assetRoutes());
  app.route("/", authorizeRoutes(identity));
  app.route("/", authenticateRoutes(identity));
  app.route("/", sessionRoutes(identity));
  app.onError((error, c) => {
    log.error({ event: "request.failed", path: c.req.path, reason: error.message });
    return c.json({ error: "temporarily_unavailable", error_description: "The request could not be served." }, 503);
  });
  return app;
};
