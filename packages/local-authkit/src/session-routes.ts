import { Hono } from "hono";
import type { Identity } from "./identity.ts";
import { noticePage } from "./page.ts";
import { onOrigin } from "./sign-in-request.ts";

/** Log-out and the public keys. */
export const sessionRoutes = ({ config, keys, sessions }: Identity) =>
  new Hono()
    .get("/user_management/sessions/logout", (c) => {
      // Ended whatever follows: the session's id is a secret, and whoever knows it wanted it ended.
      sessions.end(c.req.query("session_id") ?? "");
      const returnTo = onOrigin(c.req.query("return_to") ?? `${config.appOrigin}/`, config.appOrigin);
      return returnTo === undefined
        ? c.html(
            noticePage("You are signed out", "The address to return to is not on this app.", config.appOrigin),
            400,
          )
        : c.redirect(returnTo, 302);
    })
    .get("/sso/jwks/:clientId", (c) => {
      if (c.req.param("clientId") !== config.clientId) return c.notFound();
      c.header("Cache-Control", "public, max-age=300");
      return c.json(keys.jwks);
    });
