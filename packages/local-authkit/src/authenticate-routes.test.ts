import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import {
  appOrigin,
  authenticate,
  clientId,
  newVerifier,
  obtainCode,
  openIdentity,
  redeem,
  refresh,
  signIn,
  type TokenAnswer,
} from "./identity.testing.ts";

const open = async () => {
  const identity = await openIdentity();
  return { ...identity, tokens: await signIn(identity.issuer) };
};

const outcome = async (answer: Response) => {
  const body = (await answer.json()) as TokenAnswer & { error?: string };
  return answer.ok ? body.refresh_token : `${answer.status} ${body.error}`;
};

const verify = async (token: string, identity: { issuer: string; clock: { now: number } }) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`/sso/jwks/${clientId}`, identity.issuer)), {
    issuer: identity.issuer,
    audience: clientId,
    algorithms: ["RS256"],
    currentDate: new Date(identity.clock.now),
  });

describe("an access token", () => {
  test("is what Convex and the web server verify: RS256, ten minutes, user, session and role", async () => {
    const identity = await openIdentity();
    const tokens = await signIn(identity.issuer, "admin@threadbox.localhost");
    const { payload, protectedHeader } = await verify(tokens.access_token, identity);
    expect(protectedHeader).toEqual({ alg: "RS256", typ: "JWT", kid: expect.any(String) });
    expect(payload).toEqual({
      iss: identity.issuer,
      aud: clientId,
      sub: tokens.user.id,
      sid: expect.stringMatching(/^session_/),
      role: "admin",
      iat: identity.clock.now / 1000,
      exp: identity.clock.now / 1000 + 600,
      jti: expect.any(String),
    });
  });

  test("comes with the user as WorkOS writes one", async () => {
    const { tokens } = await open();
    expect(tokens).toMatchObject({ authentication_method: "ExternalAuth" });
    expect(tokens.user).toEqual({
      object: "user",
      id: expect.stringMatching(/^user_[0-9A-Z]{26}$/),
      email: "member@threadbox.localhost",
      email_verified: true,
      first_name: "Max",
      last_name: "Member",
      profile_picture_url: null,
      last_sign_in_at: "2026-01-01T00:00:00.000Z",
      external_id: null,
      created_at: "2026-01-01T00:00:00.000Z",
      updated_at: "2026-01-01T00:00:00.000Z",
    });
  });
});

describe("a code", () => {
  test("is good once, and a second use ends the session that came of the first", async () => {
    const { issuer } = await openIdentity();
    const verifier = newVerifier();
    const code = await obtainCode(issuer, verifier);
    const first = (await (await redeem(issuer, code, verifier)).json()) as TokenAnswer;
    expect(await outcome(await redeem(issuer, code, verifier))).toBe("400 invalid_grant");
    expect(await outcome(await refresh(issuer, first.refresh_token))).toBe("400 invalid_grant");
  });

  test("is good for nobody who does not know the verifier, not even afterwards", async () => {
    const { issuer } = await openIdentity();
    const verifier = newVerifier();
    const code = await obtainCode(issuer, verifier);
    expect(await outcome(await redeem(issuer, code, newVerifier()))).toBe("400 invalid_grant");
    expect(await outcome(await redeem(issuer, code, verifier))).toBe("400 invalid_grant");
  });

  test("is good for a minute", async () => {
    const { issuer, clock } = await openIdentity();
    const verifier = newVerifier();
    const code = await obtainCode(issuer, verifier);
    clock.now += 60_001;
    expect(await outcome(await redeem(issuer, code, verifier))).toBe("400 invalid_grant");
  });
});

describe("a refresh token", () => {
  test("is replaced at every use, within the same session and for the same user", async () => {
    const { tokens, ...identity } = await open();
    const next = (await (await refresh(identity.issuer, tokens.refresh_token)).json()) as TokenAnswer;
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    const [before, after] = [await verify(tokens.access_token, identity), await verify(next.access_token, identity)];
    expect([after.payload.sub, after.payload.sid]).toEqual([before.payload.sub, before.payload.sid]);
    expect(after.payload.jti).not.toBe(before.payload.jti);
  });

  test("used by two tabs at once leaves both with the same next one", async () => {
    const { tokens, issuer } = await open();
    const answers = await Promise.all([1, 2, 3].map(() => refresh(issuer, tokens.refresh_token)));
    const [first, ...others] = await Promise.all(answers.map(outcome));
    expect(first).toMatch(/^session_/);
    expect(others).toEqual([first, first]);
    expect(await outcome(await refresh(issuer, first ?? ""))).toMatch(/^session_/);
  });

  test("whose answer was lost is answered again for a minute, also after a restart", async () => {
    const { tokens, issuer, clock, restart } = await open();
    const lost = await outcome(await refresh(issuer, tokens.refresh_token));
    await restart();
    clock.now += 60_000;
    expect(await outcome(await refresh(issuer, tokens.refresh_token))).toBe(lost);
  });

  test("used again after that minute ends the session for whoever holds it", async () => {
    const { tokens, issuer, clock } = await open();
    const next = await outcome(await refresh(issuer, tokens.refresh_token));
    clock.now += 60_001;
    expect(await outcome(await refresh(issuer, tokens.refresh_token))).toBe("400 invalid_grant");
    expect(await outcome(await refresh(issuer, next))).toBe("400 invalid_grant");
  });

  test("that was made up harms no session", async () => {
    const { tokens, issuer } = await open();
    const [id, number, seal = ""] = tokens.refresh_token.split(".");
    const forgeries = ["", "x", `${id}.${number}`, `${id}.7.${seal}`, `${id}.-1.${seal}`, `${id}.0.${seal}A`];
    for (const forged of forgeries) expect(await outcome(await refresh(issuer, forged))).toBe("400 invalid_grant");
    expect(await outcome(await refresh(issuer, tokens.refresh_token))).toMatch(/^session_/);
  });

  test("of a session that nobody used for 30 days is no good", async () => {
    const { tokens, issuer, clock } = await open();
    clock.now += 30 * 24 * 3_600_000 + 1;
    expect(await outcome(await refresh(issuer, tokens.refresh_token))).toBe("400 invalid_grant");
  });
});

describe("a restart", () => {
  test("keeps users, sessions and the signing key", async () => {
    const { tokens, restart, issuer, clock } = await open();
    const kid = async () =>
      ((await (await fetch(`${issuer}/sso/jwks/${clientId}`)).json()) as { keys: { kid: string }[] }).keys[0]?.kid;
    const before = await kid();
    await restart();
    expect(await kid()).toBe(before);
    clock.now += 3_600_000;
    const renewed = (await (await refresh(issuer, tokens.refresh_token)).json()) as TokenAnswer;
    expect(renewed.user.id).toBe(tokens.user.id);
    expect((await signIn(issuer)).user.id).toBe(tokens.user.id);
  });

  test("finds files that only their owner may read, and no drafts", async () => {
    const { folder } = await open();
    const files = readdirSync(folder).sort();
    expect(files).toEqual(["keys.json", "sessions.json", "users.json"]);
    expect(files.map((file) => statSync(join(folder, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test.each(["users.json", "sessions.json", "keys.json"])(
    "on a damaged %s fails and leaves it as it is",
    async (file) => {
      const { folder, restart } = await open();
      const path = join(folder, file);
      const half = readFileSync(path, "utf8").slice(0, 40);
      writeFileSync(path, half);
      await expect(restart()).rejects.toThrow("is damaged");
      expect(readFileSync(path, "utf8")).toBe(half);
    },
  );
});

describe("log-out", () => {
  const logOut = (issuer: string, query: Record<string, string>) =>
    fetch(`${issuer}/user_management/sessions/logout?${new URLSearchParams(query)}`, { redirect: "manual" });

  test("ends the session and goes back to the app", async () => {
    const { tokens, ...identity } = await open();
    const { payload } = await verify(tokens.access_token, identity);
    const answer = await logOut(identity.issuer, {
      session_id: String(payload.sid),
      return_to: `${appOrigin}/sign-in`,
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, `${appOrigin}/sign-in`]);
    expect(await outcome(await refresh(identity.issuer, tokens.refresh_token))).toBe("400 invalid_grant");
  });

  test.each(["http://evil.example/", "//evil.example", "javascript:alert(1)"])(
    "never goes to %s",
    async (return_to) => {
      const { issuer } = await openIdentity();
      const answer = await logOut(issuer, { session_id: "session_x", return_to });
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    },
  );
});

describe("the exchange", () => {
  test("is open to the page's origin, without cookies, and to no other", async () => {
    const { issuer } = await openIdentity();
    const preflight = (origin: string) =>
      fetch(`${issuer}/user_management/authenticate`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
      });
    const own = await preflight(appOrigin);
    expect(own.headers.get("access-control-allow-origin")).toBe(appOrigin);
    expect(own.headers.get("access-control-allow-headers")).toBe("Content-Type");
    expect(own.headers.get("access-control-allow-credentials")).toBeNull();
    const other = await preflight("http://evil.example");
    expect([other.status, other.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    const sent = await authenticate(issuer, { grant_type: "refresh_token" }, { origin: "http://evil.example" });
    expect(await outcome(sent)).toBe("403 access_denied");
  });

  test.each([
    [{ grant_type: "password" }, "400 unsupported_grant_type"],
    [{ grant_type: "constructor" }, "400 unsupported_grant_type"],
    [{ grant_type: "refresh_token", client_id: "client_other" }, "400 invalid_client"],
    [{ grant_type: "refresh_token", refresh_token: { $ne: "" } }, "400 invalid_grant"],
  ])("refuses %j", async (body, expected) => {
    const { issuer } = await openIdentity();
    expect(await outcome(await authenticate(issuer, body))).toBe(expected);
  });

  test("answers an unwritable disk in a way that costs nobody their session", async () => {
    const { tokens, issuer, folder } = await open();
    const path = join(folder, "sessions.json");
    // A folder stands where the file has to: no new one can take its place.
    renameSync(path, `${path}.kept`);
    mkdirSync(path);
    expect(await outcome(await refresh(issuer, tokens.refresh_token))).toBe("503 temporarily_unavailable");
    rmdirSync(path);
    renameSync(`${path}.kept`, path);
    expect(await outcome(await refresh(issuer, tokens.refresh_token))).toMatch(/^session_/);
  });
});
