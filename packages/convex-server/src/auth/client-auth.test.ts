import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { authEnv, type Fixture, publicKeys, signToken, startFixture, Watch, watch } from "../server.testing.ts";
import { addQuery, firstModification, RawClient } from "../sync/raw-client.testing.ts";

describe("signed-in clients", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  test("a query knows who asks", async () => {
    const client = fixture.client();
    client.setAuth(() => signToken({ subject: "grace", claims: { email: "grace@test" } }));
    const viewer = watch(client, api.viewer.whoami, {});
    expect(await viewer.until((identity) => identity !== null)).toMatchObject({
      subject: "grace",
      tokenIdentifier: "https://issuer.test|grace",
      email: "grace@test",
    });
  });

  test("two users never share an answer that depends on who asks", async () => {
    const [ada, bob, nobody] = [fixture.client(), fixture.client(), fixture.client()];
    ada.setAuth(() => signToken({ subject: "ada" }));
    bob.setAuth(() => signToken({ subject: "bob" }));
    const seen = [ada, bob, nobody].map((client) => watch(client, api.viewer.whoami, {}));
    expect((await seen[0]?.until((identity) => identity !== null))?.subject).toBe("ada");
    expect((await seen[1]?.until((identity) => identity !== null))?.subject).toBe("bob");
    expect(await seen[2]?.until(() => true)).toBeNull();
    expect(seen[1]?.values.map((identity) => identity?.subject)).not.toContain("ada");
  });

  test("an answer that was everybody's and becomes personal is shared no more", async () => {
    const [ada, bob] = [fixture.client(), fixture.client()];
    ada.setAuth(() => signToken({ subject: "ada" }));
    bob.setAuth(() => signToken({ subject: "bob" }));
    const [forAda, forBob] = [ada, bob].map((client) => watch(client, api.viewer.sometimesMine, { counter: "mine" }));
    await Promise.all([forAda?.until(() => true), forBob?.until(() => true)]);
    await fixture.http().mutation(api.counters.increment, { name: "mine" });
    expect(await forAda?.until((value) => value !== "everybody")).toBe("ada");
    expect(await forBob?.until((value) => value !== "everybody")).toBe("bob");
    expect([forAda?.values, forBob?.values]).toEqual([
      ["everybody", "ada"],
      ["everybody", "bob"],
    ]);
  });

  test("a client whose token is refused asks for another one and recovers", async () => {
    const client = fixture.client();
    const asked: boolean[] = [];
    client.setAuth(async ({ forceRefreshToken }) => {
      asked.push(forceRefreshToken);
      return forceRefreshToken ? signToken() : signToken({ audience: "another app" });
    });
    const viewer = watch(client, api.viewer.whoami, {});
    expect((await viewer.until((identity) => identity !== null))?.subject).toBe("ada");
    expect(asked.slice(0, 2)).toEqual([false, true]);
  });

  test("a client whose tokens are always refused is told that it is signed out and goes on without", async () => {
    const client = fixture.client();
    const changes = new Watch<boolean>((onValue) => {
      client.setAuth(() => signToken({ audience: `another app ${Math.random()}` }), onValue);
      return () => undefined;
    });
    const counter = watch(client, api.counters.get, { name: "public" });
    expect(await changes.until((isAuthenticated) => !isAuthenticated)).toBe(false);
    expect(await counter.until(() => true)).toBe(0);
  });

  test("a token over HTTP counts, a bad one is 401", async () => {
    const http = fixture.http();
    http.setAuth(await signToken({ subject: "over-http" }));
    expect((await http.query(api.viewer.whoami, {}))?.subject).toBe("over-http");
    const response = await fetch(`${fixture.url}/api/query`, {
      method: "POST",
      headers: { authorization: "Bearer nonsense" },
      body: JSON.stringify({ path: "viewer:whoami", args: {} }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "InvalidAuthHeader" });
  });
});

describe("an identity provider that is away for a while", () => {
  test("does not sign anybody out", async () => {
    let isAway = true;
    let asked = 0;
    const provider = createServer((_, response) => {
      asked += 1;
      if (isAway) response.writeHead(503).end();
      else response.setHeader("content-type", "application/json").end(publicKeys);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => provider.once("listening", resolve));
    const { port } = provider.address() as AddressInfo;
    const functionEnv = { ...authEnv, TEST_JWKS: `http://127.0.0.1:${port}/keys` };
    const fixture = await startFixture({ functionEnv });

    const http = fixture.http();
    http.setAuth(await signToken());
    await expect(http.query(api.viewer.whoami, {})).rejects.toThrow(/AuthUnavailable/);
    const client = fixture.client();
    const changes: boolean[] = [];
    client.setAuth(
      () => signToken(),
      (isAuthenticated) => changes.push(isAuthenticated),
    );
    const viewer = watch(client, api.viewer.whoami, {});
    await expect.poll(() => asked).toBeGreaterThanOrEqual(2);
    isAway = false;
    expect((await viewer.until((identity) => identity !== null))?.subject).toBe("ada");
    expect(changes).not.toContain(false);

    await fixture.close();
    provider.close();
  });
});

describe("identity on the wire", () => {
  const clock = { now: Date.now() };
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ now: () => clock.now });
  });
  afterAll(() => fixture.close());

  const signIn = async (lifetimeSeconds: number): Promise<RawClient> => {
    const client = new RawClient(fixture.url);
    await client.connect(crypto.randomUUID());
    const value = await signToken({ lifetimeSeconds, issuedAt: clock.now });
    await client.send({ type: "Authenticate", tokenType: "User", value, baseVersion: 0 });
    await client.send(addQuery(0, 0, "viewer:whoami", {}));
    return client;
  };

  test("a query behind an Authenticate waits for it", async () => {
    const client = await signIn(60);
    const withQuery = await client.nextChange();
    expect(firstModification(withQuery).value).toMatchObject({ subject: "ada" });
    expect(withQuery.endVersion).toMatchObject({ identity: 1, querySet: 1 });
    client.close();
  });

  test("a refused token is told with the version before it, and the socket closes", async () => {
    const client = new RawClient(fixture.url);
    await client.connect(crypto.randomUUID());
    await client.send({ type: "Authenticate", tokenType: "User", value: "nonsense", baseVersion: 0 });
    expect(await client.next("AuthError")).toMatchObject({ baseVersion: 0, authUpdateAttempted: true });
    expect((await client.closed).code).toBe(1008);
  });

  test("a mutation with a token that has expired meanwhile is not run", async () => {
    const client = await signIn(60);
    await client.nextChange();
    clock.now += 61_000;
    await client.send({ type: "Mutation", requestId: 0, udfPath: "counters:increment", args: [{ name: "expired" }] });
    expect(await client.next("AuthError")).toMatchObject({ baseVersion: 1, authUpdateAttempted: false });
    await client.closed;
    expect(await fixture.http().query(api.counters.get, { name: "expired" })).toBe(0);
  });
});
