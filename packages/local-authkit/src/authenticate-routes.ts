import { Hono } from "hono";
import { cors } from "hono/cors";
import { signAccessToken } from "./access-token.ts";
import type { Identity } from "./identity.ts";
import type { Renewal } from "./sessions.ts";
import { isObject } from "./state-file.ts";
import type { User } from "./users.ts";

/**
 * OAuth's error body (RFC 6749, 5.2), which `authkit-js` reads. It takes a 4xx answer to a refresh as the end of the
 * session and forgets its token; after 408, 429 or 5xx, or no answer, it keeps the token and tries again.
 */
const problem = (error: string, error_description: string) => ({ error, error_description });

/** The user as WorkOS's API writes one. */
const userBody = (user: User) => {
  const [first = "", ...rest] = user.name.split(" ");
  return {
    object: "user",
    id: user.id,
    email: user.email,
    email_verified: true,
    first_name: first,
    last_name: rest.length === 0 ? null : rest.join(" "),
    profile_picture_url: null,
    last_sign_in_at: user.lastSignInAt,
    external_id: null,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
};

const readText = (body: Readonly<Record<string, unknown>>, name: string): string => {
  const value = body[name];
  return typeof value === "string" ? value : "";
};

/** The exchange of codes and refresh tokens, open to the app's origin alone. */
export const authenticateRoutes = (identity: Identity) => {
  const { config, issuer, keys, users, sessions, codes, now } = identity;

  const byCode = (body: Readonly<Record<string, unknown>>): Renewal | undefined => {
    const redemption = codes.redeem(readText(body, "code"), readText(body, "code_verifier"), now());
    if (redemption.kind === "repeat" && redemption.sessionId !== undefined) sessions.end(redemption.sessionId);
    if (redemption.kind !== "good") return undefined;
    users.signedIn(redemption.userId, now());
    const begun = sessions.begin(redemption.userId, now());
    redemption.bind(begun.sessionId);
    return begun;
  };

  const answer = async ({ sessionId, refreshToken }: Renewal, user: User) => ({
    user: userBody(user),
    access_token: await signAccessToken(keys, { issuer, audience: config.clientId, user, sessionId, now: now() }),
    refresh_token: refreshToken,
    authentication_method: "ExternalAuth",
  });

  return new Hono()
    .use("/user_management/authenticate", async (c, next) => {
      const origin = c.req.header("origin");
      if (origin !== undefined && origin !== config.appOrigin)
        return c.json(problem("access_denied", "This origin is not let in."), 403);
      return await next();
    })
    .use(
      "/user_management/authenticate",
      cors({ origin: config.appOrigin, allowMethods: ["POST"], allowHeaders: ["Content-Type"], maxAge: 600 }),
    )
    .post("/user_management/authenticate", async (c) => {
      const body: unknown = await c.req.json().catch(() => undefined);
      if (!isObject(body)) return c.json(problem("invalid_request", "The body is not a JSON object."), 400);
      if (body.client_id !== config.clientId)
        return c.json(problem("invalid_client", "The app is not known here."), 400);
      const grants: Record<string, () => Renewal | undefined> = {
        authorization_code: () => byCode(body),
        refresh_token: () => sessions.renew(readText(body, "refresh_token"), now()),
      };
      const grantType = readText(body, "grant_type");
      const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
      if (grant === undefined) return c.json(problem("unsupported_grant_type", "This grant is not offered."), 400);
      const renewal = grant();
      const user = renewal === undefined ? undefined : users.find(renewal.userId);
      if (renewal === undefined || user === undefined)
        return c.json(problem("invalid_grant", "The session has ended. Sign in again."), 400);
      return c.json(await answer(renewal, user));
    });
};
