import { request } from "node:http";
import { describe, expect, test } from "vitest";
import {
  appOrigin,
  authorizeUrl,
  newVerifier,
  obtainCode,
  openIdentity,
  readPage,
  redeem,
  redirectUri,
  submit,
  type TokenAnswer,
} from "./identity.testing.ts";

const openPage = async (overrides: Record<string, string> = {}) => {
  const identity = await openIdentity();
  const { issuer } = identity;
  const answer = await fetch(authorizeUrl(issuer, newVerifier(), overrides));
  return { ...identity, answer, page: await answer.text() };
};

const statusWithHost = (url: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once("error", reject).end();
  });

describe("the sign-in page", () => {
  test("offers an admin and a member on a new machine", async () => {
    const { page } = await openPage();
    expect(readPage(page).users.map(({ email }) => email)).toEqual([
      "admin@threadbox.localhost",
      "member@threadbox.localhost",
    ]);
    expect(page).toContain("Local sign-in, for this computer only");
  });

  test("runs no script, loads nothing from elsewhere, and cannot be framed or kept", async () => {
    const { answer, page } = await openPage();
    expect(page).not.toMatch(/<script|\son\w+=|style=/);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${appOrigin}`);
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("sends the browser back with a code and the app's own state", async () => {
    const { issuer, page } = await openPage({ redirect_uri: `${redirectUri}?from=app` });
    const { sealed, users } = readPage(page);
    const answer = await submit(issuer, { request: sealed, user_id: users[0]?.id ?? "" });
    const back = new URL(answer.headers.get("location") ?? "");
    expect(answer.status).toBe(303);
    expect(`${back.origin}${back.pathname}`).toBe(redirectUri);
    expect(back.searchParams.get("from")).toBe("app");
    expect(back.searchParams.get("state")).toBe('{"returnTo":"/t/1"}');
    expect(back.searchParams.get("code")).toMatch(/^code_/);
  });

  test("shows the user whom the app expects first, and fills in one who is not there yet", async () => {
    const known = await openPage({ login_hint: "Member@threadbox.localhost" });
    expect(readPage(known.page).users[0]?.email).toBe("member@threadbox.localhost");
    const unknown = await openPage({ login_hint: '"><script>@x' });
    expect(unknown.page).toContain('value="&quot;&gt;&lt;script&gt;@x"');
  });
});

describe("a request to sign in", () => {
  test.each([
    ["another origin", { redirect_uri: "http://evil.example/callback" }],
    ["another port", { redirect_uri: "http://threadbox.localhost:3001/callback" }],
    ["another scheme", { redirect_uri: "https://threadbox.localhost:3000/callback" }],
    ["a name that begins alike", { redirect_uri: "http://threadbox.localhost:3000.evil.example/" }],
    ["a name before an @", { redirect_uri: "http://threadbox.localhost:3000@evil.example/" }],
    ["credentials in the address", { redirect_uri: "http://a:b@threadbox.localhost:3000/" }],
    ["a script for an address", { redirect_uri: "javascript:alert(1)" }],
    ["no address", { redirect_uri: "" }],
    ["an unknown client", { client_id: "client_other" }],
    ["no code challenge", { code_challenge: "" }],
    ["a plain code challenge", { code_challenge_method: "plain" }],
    ["the implicit flow", { response_type: "token" }],
    ["a book for a state", { state: "x".repeat(4097) }],
  ])("with %s is refused, not redirected", async (_, overrides) => {
    const { answer, page } = await openPage(overrides);
    expect([answer.status, answer.headers.get("location"), readPage(page).users]).toEqual([400, null, []]);
  });
});

describe("the form", () => {
  test.each(["http://evil.example", "null", appOrigin])("sent from %s is refused", async (origin) => {
    const { issuer, page } = await openPage();
    const { sealed, users } = readPage(page);
    const answer = await submit(issuer, { request: sealed, user_id: users[0]?.id ?? "" }, { origin });
    expect([answer.status, answer.headers.get("location")]).toEqual([403, null]);
  });

  test("without the page's seal, or with one an hour old, is refused", async () => {
    const { issuer, page, clock } = await openPage();
    const { sealed, users } = readPage(page);
    const user_id = users[0]?.id ?? "";
    const [head, , seal] = sealed.split(".");
    const forged = Buffer.from(JSON.stringify({ redirectUri: "http://evil.example/" })).toString("base64url");
    expect((await submit(issuer, { request: `${head}.${forged}.${seal}`, user_id })).status).toBe(400);
    expect((await submit(issuer, { user_id })).status).toBe(400);
    clock.now += 3_601_000;
    expect((await submit(issuer, { request: sealed, user_id })).status).toBe(400);
  });

  test("outlives a restart of the process", async () => {
    const { page, restart, issuer } = await openPage();
    const { sealed, users } = readPage(page);
    await restart();
    const answer = await submit(issuer, { request: sealed, user_id: users[0]?.id ?? "" });
    expect(answer.status).toBe(303);
  });

  test("makes a new member and signs them in", async () => {
    const { issuer } = await openPage();
    const verifier = newVerifier();
    const { sealed } = readPage(await (await fetch(authorizeUrl(issuer, verifier))).text());
    const made = await submit(issuer, { request: sealed, name: " Grace  Hopper ", email: "Grace@Example.com" });
    const code = new URL(made.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const { user, access_token } = (await (await redeem(issuer, code, verifier)).json()) as TokenAnswer;
    expect(user).toMatchObject({ email: "grace@example.com", first_name: "Grace", last_name: "Hopper" });
    expect(JSON.parse(atob(access_token.split(".")[1] ?? ""))).toMatchObject({ role: "member", sub: user.id });
  });

  test("gives an address of this machine to somebody who has only a name", async () => {
    const { issuer, page } = await openPage();
    const { sealed } = readPage(page);
    for (const name of ["Zoë Ünal", "Zoe Unal", "李雷"]) await submit(issuer, { request: sealed, name });
    const after = readPage(await (await fetch(authorizeUrl(issuer, newVerifier()))).text());
    expect(after.users.slice(2).map(({ email }) => email)).toEqual([
      "zoe.unal@threadbox.localhost",
      "zoe.unal.2@threadbox.localhost",
      "user@threadbox.localhost",
    ]);
  });

  test.each([
    ["a taken address", { name: "Ada", email: "ADMIN@threadbox.localhost" }, "already"],
    ["no name", { name: " ", email: "a@b" }, "Enter a name"],
    ["no address", { name: "Ada", email: "ada" }, "Enter an email address"],
    ["a name that reads backwards", { name: "Ada\u202eadA", email: "a@b" }, "can’t be shown"],
  ])("with %s says so and keeps what was typed", async (_, typed, reason) => {
    const { issuer, page } = await openPage();
    const answer = await submit(issuer, { request: readPage(page).sealed, ...typed });
    const again = await answer.text();
    expect(answer.status).toBe(422);
    expect(again).toContain(reason);
    expect(again).toContain(`value="${typed.email}"`);
    expect(readPage(again).users).toHaveLength(2);
  });
});

describe("the process", () => {
  test.each([
    ["localhost:4100", 200],
    ["127.0.0.1", 200],
    ["threadbox.localhost:4100", 200],
    ["evil.example:4100", 421],
    ["localhost.evil.example", 421],
    ["sbx.threadbox.localhost:4100", 421],
    ["x@localhost", 400],
  ])("called by the name %s answers %i", async (host, status) => {
    const { issuer } = await openPage();
    expect(await statusWithHost(`${issuer}/health`, host)).toBe(status);
  });

  test("logs what it refuses, and no good answer about its health", async () => {
    const { issuer, log } = await openPage();
    await statusWithHost(`${issuer}/health`, "localhost");
    await statusWithHost(`${issuer}/health`, "evil.example");
    expect(log().match(/"path":"\/health","status":\d+/g)).toEqual(['"path":"/health","status":421']);
  });

  test("logs no code, token, state or address", async () => {
    const { issuer, log } = await openPage();
    const verifier = newVerifier();
    const code = await obtainCode(issuer, verifier);
    const tokens = (await (await redeem(issuer, code, verifier)).json()) as TokenAnswer;
    expect(log()).toContain("/user_management/authenticate");
    for (const secret of [code, verifier, tokens.access_token, tokens.refresh_token, "returnTo", "@threadbox"])
      expect(log()).not.toContain(secret);
  });
});
