import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { fakeEngine } from "../engines/engine.testing.ts";
import { noEngine } from "../engines/none.ts";
import { authorization, ensureBody, sandboxName, token } from "../host.testing.ts";
import { openControlChannel } from "./server.testing.ts";

const errorOf = async (answer: Response): Promise<readonly unknown[]> => {
  const body = (await answer.json()) as { error: { _tag: string; requestId: string; retryable: boolean } };
  expect(answer.headers.get("x-request-id")).toBe(body.error.requestId);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.has("x-sandbox-host-refusal")).toBe(true);
  return [answer.status, body.error._tag];
};

describe("the control channel", () => {
  test("health needs no token, names the engine, and says of each whether it can be had", async () => {
    const host = await openControlChannel();
    expect(await host.json("/health", { headers: { authorization: "" } })).toEqual({
      status: "ok",
      engine: "local",
      engines: { local: { available: true }, docker: { available: false, reason: "No Docker." } },
    });
  });

  test.each([
    ["no token", {}, "TokenMissing"],
    ["another scheme", { authorization: `Basic ${token}` }, "TokenMalformed"],
    ["a wrong token", { authorization: "Bearer wrong" }, "TokenInvalid"],
    ["a longer token", { authorization: `Bearer ${token}x` }, "TokenInvalid"],
  ])("%s is refused on every route, and on WebSocket too", async (_, headers, tag) => {
    const host = await openControlChannel();
    const at = `/v1/sandboxes/${sandboxName()}`;
    for (const [method, route] of [
      ["GET", "/v1/sandboxes"],
      ["PUT", at],
      ["DELETE", at],
      ["POST", `${at}/exec`],
      ["POST", `${at}/secrets`],
      ["POST", "/v1/egress/reconsider"],
      ["GET", `${at}/files?path=a`],
      ["GET", `${at}/ports/4096/`],
      ["POST", `${at}/ports/4096/`],
    ] as const) {
      expect(await errorOf(await fetch(host.url + route, { method, headers }))).toEqual([401, tag]);
    }
    const socket = new WebSocket(`${host.url.replace("http", "ws")}${at}/ports/4096/`, { headers });
    const message = await new Promise((done) => socket.on("error", (error) => done(error.message)));
    expect(message).toBe("Unexpected server response: 401");
  });

  test("a change of which hosts may be reached is told to the sandboxes of that owner, or to all that run", async () => {
    const host = await openControlChannel(fakeEngine({ isInstant: true, reconsiderEgress: async () => 2 }));
    for (const owner of ["one", "other"]) {
      const body = ensureBody(1, { owner });
      await host.request(`/sandboxes/${sandboxName()}`, { method: "PUT", body });
    }
    const tell = (body: object) => host.json("/egress/reconsider", { method: "POST", body: JSON.stringify(body) });
    expect(await tell({ owner: "one" })).toEqual({ sandboxes: 1, connectionsEnded: 2 });
    expect(await tell({ owner: "nobody" })).toEqual({ sandboxes: 0, connectionsEnded: 0 });
    expect(await tell({})).toEqual({ sandboxes: 2, connectionsEnded: 4 });
  });

  test("a changed secret is told to the generation that is named, and to no other", async () => {
    const host = await openControlChannel(fakeEngine({ isInstant: true }));
    const name = sandboxName();
    await host.request(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(2) });
    const tell = (generation: number, news: object) =>
      host.request(`/sandboxes/${name}/secrets`, {
        method: "POST",
        body: JSON.stringify(news),
        headers: { "x-sandbox-generation": String(generation) },
      });
    const news = { secretId: "sec_1", name: "KEY", minVersion: 1 };
    expect(await (await tell(2, news)).json()).toEqual({ outcome: "unused", version: null });
    expect(await errorOf(await tell(1, news))).toEqual([502, "SandboxInterrupted"]);
    expect(await errorOf(await tell(2, { ...news, name: "../x" }))).toEqual([400, "ValidationError"]);
  });

  test("without an engine every start is refused with what to install", async () => {
    const host = await openControlChannel(noEngine("bubblewrap is not installed: apt-get install bubblewrap"));
    expect(await host.json("/health")).toMatchObject({ engine: "none", reason: expect.stringContaining("apt-get") });
    const answer = await host.request(`/sandboxes/${sandboxName()}`, { method: "PUT", body: ensureBody(1) });
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { error: { _tag: "SandboxUnavailable", message: expect.stringContaining("apt-get install bubblewrap") } },
    ]);
  });

  test("a start without a password, or with a short one, is refused", async () => {
    const host = await openControlChannel();
    for (const openCodePassword of ["", "short", undefined]) {
      const body = ensureBody(1, { openCodePassword } as object);
      const answer = await host.request(`/sandboxes/${sandboxName()}`, { method: "PUT", body });
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { error: { _tag: "ValidationError", message: expect.stringContaining("openCodePassword") } },
      ]);
    }
  });

  test.each(["", "null", "[]", "{", '"x"', '{"__proto__":{}}', "[".repeat(100_000)])(
    "the body %.20s is refused",
    async (body) => {
      const host = await openControlChannel();
      for (const [method, route] of [
        ["PUT", ""],
        ["POST", "/exec"],
      ] as const) {
        const name = sandboxName();
        await host.request(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(1) });
        const answer = await host.request(`/sandboxes/${name}${route}`, { method, body });
        expect(await errorOf(answer)).toEqual([400, "ValidationError"]);
      }
    },
  );

  test.each(["x", "..", "%2e%2e", "ABCDEF0123456789ABCDEF0123456789", "0".repeat(33)])(
    "%s is no sandbox's name",
    async (name) => {
      const host = await openControlChannel();
      const answer = await host.request(`/sandboxes/${name}/ports/80/`, {});
      expect([400, 404]).toContain(answer.status);
      expect((await host.request(`/sandboxes/${name}`)).ok && name !== "..").toBe(false);
    },
  );

  test.each([
    ["/ports/80/#fragment", "a"],
    ["/ports/80/", "a, a"],
    ["/ports/80/", "a b"],
    ["/ports/80/", "é"],
  ])("a handshake at %s with the subprotocols %s is refused, and the host goes on", async (at, protocols) => {
    const host = await openControlChannel();
    const name = sandboxName();
    await host.request(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(1) });
    const socket = connect(Number(new URL(host.url).port), "127.0.0.1");
    const fields = { Host: "x", ...authorization, Connection: "Upgrade", Upgrade: "websocket" };
    const lines = Object.entries({ ...fields, "Sec-WebSocket-Protocol": protocols }).map((line) => line.join(": "));
    socket.write(`GET /v1/sandboxes/${name}${at} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*"_tag":"ValidationError"/s);
    expect(await host.json("/health")).toMatchObject({ status: "ok" });
  });

  test.each(["0", "65536", "80x", "-1"])("%s is no port", async (port) => {
    const host = await openControlChannel();
    const answer = await host.request(`/sandboxes/${sandboxName()}/ports/${port}/`);
    expect(await errorOf(answer)).toEqual([400, "ValidationError"]);
  });

  test("an unknown sandbox, an unknown route and an unknown file are not found", async () => {
    const host = await openControlChannel();
    const at = `/sandboxes/${sandboxName()}`;
    for (const route of [at, `${at}/ports/80/`, `${at}/files?path=nothing`, "/nothing"]) {
      expect(await errorOf(await host.request(route))).toEqual([404, "NotFound"]);
    }
  });

  test("a JSON body past its limit is refused, whether its length is declared or not", async () => {
    const host = await openControlChannel();
    const body = new Uint8Array(8 * 1024 * 1024 + 1);
    for (const given of [body, new Blob([body]).stream()]) {
      const answer = await host.request(`/sandboxes/${sandboxName()}`, {
        method: "PUT",
        body: given,
        duplex: "half",
      } as RequestInit);
      expect(await errorOf(answer)).toEqual([413, "BodyTooLarge"]);
    }
  });
});
