import { env } from "cloudflare:workers";
import { Generation, type ThreadId, UserId } from "@threadbox/contracts/ids";
import { SecretName, type SecretScope } from "@threadbox/contracts/secrets";
import { Effect, Layer } from "effect";
import { describe, expect, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import { SandboxOutbound } from "../../platform/outbound.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { testConfig } from "../sandbox/lifecycle.testing.ts";
import { SecretVault, secretVaultLayer } from "../secrets/index.ts";
import { findAnswerer } from "./answerer.ts";
import { handleMaker } from "./handles.ts";
import { EgressInterceptors } from "./interceptor.ts";
import { policiesLayer } from "./policies.ts";
import { egressPoliciesRef } from "./refs.ts";

const config = testConfig();
const change = { actor: UserId.make("user_admin"), requestId: "r" };
const generation = Generation.make(1);

const inVault = <A, E>(use: (vault: SecretVault["Service"]) => Effect.Effect<A, E>) =>
  Effect.runPromise(SecretVault.use(use).pipe(Effect.provide(secretVaultLayer(env))));

const put = (
  threadId: ThreadId,
  name: string,
  value: string,
  hosts: readonly string[] = ["api.test"],
  scope: SecretScope = { kind: "thread", threadId },
) =>
  inVault((vault) =>
    vault.create(
      {
        name: SecretName.make(name),
        scope,
        usage: "egress",
        hosts,
        value,
        reason: "A test.",
      },
      change,
    ),
  );

const handleOf = async (threadId: ThreadId, name: string) =>
  (await handleMaker(config.sandboxCredentialKey))(threadId, SecretName.make(name));

/** What the upstream saw of each request, and what it answers. */
const upstream = (answer: (request: Request) => Response | Promise<Response> = () => new Response("ok")) => {
  const seen: Request[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input as string, init as RequestInit);
    seen.push(request);
    return answer(request);
  };
  return { seen, fetcher };
};

const ask = (threadId: ThreadId, request: Request, fetcher: typeof fetch) =>
  Effect.gen(function* () {
    const answer = yield* findAnswerer(new URL(request.url).host, threadId);
    return answer === null ? "nobody" : yield* answer({ threadId, generation, request, requestId: "request" });
  }).pipe(
    Effect.catch((failure: WireFailure) => Effect.succeed([failure.wireTag, failure.subject] as const)),
    Effect.provide(
      Layer.mergeAll(
        secretVaultLayer(env),
        Layer.succeed(WorkerConfig, config),
        Layer.succeed(EgressInterceptors, []),
        Layer.succeed(SandboxOutbound, fetcher),
        policiesLayer(env),
      ),
    ),
    Effect.runPromise,
  );

const asked = async (threadId: ThreadId, url: string, init: RequestInit = {}) => {
  const { seen, fetcher } = upstream();
  const answer = await ask(threadId, new Request(url, init), fetcher);
  return { answer, request: seen[0] };
};

describe("a secret that is bound to a host", () => {
  test("takes the place of its handle: as Bearer, in Basic, in a header of its own, in the query", async () => {
    const threadId = newThreadId();
    await put(threadId, "TOKEN", "sk-canary&1");
    const handle = await handleOf(threadId, "TOKEN");
    const { request } = await asked(threadId, `https://api.test/v1?key=${handle}&a=1`, {
      headers: { authorization: `Bearer ${handle}`, "x-api-key": handle, "x-basic": `Basic ${btoa(`me:${handle}`)}` },
    });
    expect(request?.url).toBe("https://api.test/v1?key=sk-canary%261&a=1");
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      authorization: "Bearer sk-canary&1",
      "x-api-key": "sk-canary&1",
      "x-basic": `Basic ${btoa("me:sk-canary&1")}`,
    });
  });

  test("of a user's own is put into the requests of that user's threads alone", async () => {
    const [mine, other] = [newThreadId(), newThreadId()];
    const scope = { kind: "user", userId: UserId.make(`user_of_${mine}`) } as const;
    const host = `${mine}.test`;
    await put(mine, "OWN_TOKEN", "sk-canary-own", [host], scope);
    const { request } = await asked(mine, `https://${host}/`);
    expect(request?.headers.get("authorization")).toBe("Bearer sk-canary-own");
    expect((await asked(other, `https://${host}/`)).answer).toBe("nobody");
    const stolen = { headers: { authorization: `Bearer ${await handleOf(mine, "OWN_TOKEN")}` } };
    expect((await asked(other, `https://${host}/`, stolen)).answer).toBe("nobody");
  });

  test("of the owner's own opens no host that an admin has closed", async () => {
    const threadId = newThreadId();
    const userId = UserId.make(`user_of_${threadId}`);
    const host = `${threadId}.test`;
    const wish = { name: SecretName.make("OWN"), scope: { kind: "user", userId }, usage: "egress" } as const;
    await inVault((vault) =>
      vault.create({ ...wish, hosts: [host], value: "sk-canary-own", reason: "A test." }, { ...change, owner: userId }),
    );
    expect((await asked(threadId, `https://${host}/`)).request?.headers.get("authorization")).toBe(
      "Bearer sk-canary-own",
    );
    const policies = egressPoliciesRef(env);
    const open = await policies.common();
    const { revision } = (await policies.setCommon({ ...open, canOwnersAdd: false })) ?? open;
    expect((await asked(threadId, `https://${host}/`)).answer).toBe("nobody");
    await policies.setCommon({ ...open, revision });
  });

  test("is added as Bearer where the program shows nothing, and not where it shows something else", async () => {
    const threadId = newThreadId();
    await put(threadId, "TOKEN", "sk-canary-1");
    expect((await asked(threadId, "https://api.test/")).request?.headers.get("authorization")).toBe(
      "Bearer sk-canary-1",
    );
    const own = await asked(threadId, "https://api.test/", { headers: { authorization: "Bearer own" } });
    expect(own.request?.headers.get("authorization")).toBe("Bearer own");
    await put(threadId, "OTHER", "sk-canary-2");
    expect((await asked(threadId, "https://api.test/")).request?.headers.has("authorization")).toBe(false);
  });

  test("is the one of this moment: a rotated one counts at once, a revoked one is refused, and each use is a lease", async () => {
    const threadId = newThreadId();
    const { id } = await put(threadId, "TOKEN", "first-value");
    await asked(threadId, "https://api.test/");
    const next = { value: "second-value", reason: "Rotated.", expectedVersion: 1, overlapMinutes: 0 };
    const rotated = await inVault((vault) => vault.rotate(id, next, change));
    expect(rotated.holders).toMatchObject([{ kind: "egress", threadId, generation, version: 1 }]);
    expect((await asked(threadId, "https://api.test/")).request?.headers.get("authorization")).toBe(
      "Bearer second-value",
    );
    await inVault((vault) => vault.revoke(id, { version: 2, reason: "Leaked." }, change));
    const { answer, request } = await asked(threadId, "https://api.test/");
    expect([answer, request]).toEqual([["SecretRevoked", undefined], undefined]);
  });

  test("body and method pass as they are, and a redirect is the program's to follow, without the secret", async () => {
    const threadId = newThreadId();
    await put(threadId, "TOKEN", "sk-canary-1");
    const { seen, fetcher } = upstream(
      () => new Response(null, { status: 307, headers: { location: "https://evil.test/?k=sk-canary-1" } }),
    );
    const answer = await ask(threadId, new Request("https://api.test/", { method: "PUT", body: "content" }), fetcher);
    expect([seen.length, seen[0]?.method, await seen[0]?.text()]).toEqual([1, "PUT", "content"]);
    if (!(answer instanceof Response)) throw new Error("There is no answer.");
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "https://evil.test/?k=***********"]);
    expect(await ask(threadId, new Request("https://evil.test/"), fetcher)).toBe("nobody");
  });

  test("that an answer repeats is hidden in its headers and its body", async () => {
    const threadId = newThreadId();
    await put(threadId, "TOKEN", "sk-canary-1");
    const basic = `Basic ${btoa(`me:${await handleOf(threadId, "TOKEN")}`)}`;
    const { fetcher } = upstream(
      (request) =>
        new Response(`you sent ${request.headers.get("authorization")}`, { headers: { "x-echo": "sk-canary-1" } }),
    );
    const answer = await ask(
      threadId,
      new Request("https://api.test/", { headers: { authorization: basic } }),
      fetcher,
    );
    if (!(answer instanceof Response)) throw new Error("There is no answer.");
    expect(answer.headers.get("x-echo")).toBe("***********");
    expect(await answer.text()).toMatch(/^you sent Basic \*+$/);
  });

  test("is not sent into an answer that could not be read", async () => {
    const threadId = newThreadId();
    await put(threadId, "TOKEN", "sk-canary-1");
    const { fetcher, seen } = upstream(
      () => new Response("x", { headers: { "content-encoding": "zstd" }, encodeBody: "manual" }),
    );
    const answer = await ask(
      threadId,
      new Request("https://api.test/", { headers: { "accept-encoding": "zstd" } }),
      fetcher,
    );
    expect(answer).toEqual(["UpstreamError", undefined]);
    expect(seen[0]?.headers.get("accept-encoding")).toBe("identity");
  });
});

describe("A85: a handle", () => {
  test("is refused and written down at a host that it is not bound to, of another thread, and of nobody", async () => {
    const [threadId, other] = [newThreadId(), newThreadId()];
    await put(threadId, "TOKEN", "sk-canary-1");
    await put(threadId, "OTHER", "sk-canary-2", ["other.test"]);
    await put(other, "TOKEN", "sk-canary-3");
    const madeUp = `tbh_${"A".repeat(43)}`;
    for (const handle of [await handleOf(threadId, "OTHER"), await handleOf(other, "TOKEN"), madeUp]) {
      for (const headers of [{ authorization: `Basic ${btoa(`x:${handle}`)}` }, { "x-key": handle }]) {
        const { answer, request } = await asked(threadId, "https://api.test/", { headers });
        expect([answer, request]).toEqual([["Forbidden", { userId: `sandbox_${threadId}`, threadId }], undefined]);
      }
      expect((await asked(threadId, `https://api.test/${handle}`)).request).toBeUndefined();
    }
  });

  test("tells nothing of its value and is the same at every start", async () => {
    const threadId = newThreadId();
    const handle = await handleOf(threadId, "TOKEN");
    expect(handle).toMatch(/^tbh_[A-Za-z0-9_-]{43}$/);
    expect(await handleOf(threadId, "TOKEN")).toBe(handle);
    expect(await handleOf(threadId, "OTHER")).not.toBe(handle);
    expect(await handleOf(newThreadId(), "TOKEN")).not.toBe(handle);
  });
});

test("the vault takes no secret for requests without a host, or with a value that no header takes", async () => {
  const threadId = newThreadId();
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => "taken",
      ({ refusal }) => refusal,
    );
  expect(await refusal(put(threadId, "TOKEN", "x", []))).toBe("unbound");
  expect(await refusal(put(threadId, "TOKEN", "two words"))).toBe("notForHeaders");
});

test("a WebSocket opens with the value, and what the host says has stars in its place", async () => {
  const threadId = newThreadId();
  await put(threadId, "SOCKET_KEY", "canary-value-of-a-socket");
  const handle = await handleOf(threadId, "SOCKET_KEY");
  const { seen, fetcher } = upstream((request) => {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    server.accept();
    server.addEventListener("message", ({ data }) => {
      server.send(`${String(data)} ${request.headers.get("authorization")}`);
      server.send(new TextEncoder().encode(`${request.headers.get("authorization")}`));
      server.close(4001, "over");
    });
    return new Response(null, { status: 101, webSocket: client, headers: { "sec-websocket-protocol": "chat" } });
  });
  const headers = { upgrade: "websocket", authorization: `Bearer ${handle}`, "sec-websocket-protocol": "chat" };
  const answer = await ask(threadId, new Request("https://api.test/socket", { headers }), fetcher);
  const socket = answer instanceof Response ? answer.webSocket : null;
  if (!(answer instanceof Response) || socket === null) throw new Error("There is no socket.");
  expect(answer.headers.get("sec-websocket-protocol")).toBe("chat");
  expect(seen[0]?.headers.get("authorization")).toBe("Bearer canary-value-of-a-socket");
  const said: string[] = [];
  const closed = new Promise((done) => socket.addEventListener("close", ({ code }) => done(code)));
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => {
    said.push(typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer));
  });
  socket.accept();
  socket.send("hello");
  expect(await closed).toBe(4001);
  const stars = "*".repeat("canary-value-of-a-socket".length);
  expect(said).toEqual([`hello Bearer ${stars}`, `Bearer ${stars}`]);
});

describe("A83: what is open when a secret is revoked", () => {
  const revokeAtOnce = (id: Awaited<ReturnType<typeof put>>["id"]) =>
    inVault((vault) => vault.revoke(id, { version: 1, reason: "Leaked." }, change));
  const usesOf = async (id: Awaited<ReturnType<typeof put>>["id"]) =>
    (await inVault((vault) => vault.list)).find((secret) => secret.id === id)?.versions[0]?.openUses;

  test("an answer that streams ends in the middle", async () => {
    const threadId = newThreadId();
    const { id } = await put(threadId, "TOKEN", "sk-canary-1");
    const { fetcher } = upstream(() => {
      const silent = new ReadableStream<Uint8Array>({ start: (to) => to.enqueue(new TextEncoder().encode("piece")) });
      return new Response(silent, { headers: { "content-type": "text/event-stream" } });
    });
    const answer = await ask(threadId, new Request("https://api.test/"), fetcher);
    if (!(answer instanceof Response) || answer.body === null) throw new Error("There is no answer.");
    const reader = answer.body.getReader();
    await reader.read();
    await expect.poll(() => usesOf(id)).toBe(1);
    await revokeAtOnce(id);
    await expect(reader.read()).rejects.toThrow();
  });

  test("a WebSocket is closed on both sides", async () => {
    const threadId = newThreadId();
    const { id } = await put(threadId, "TOKEN", "sk-canary-1");
    const [theirs, ours] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    ours.accept();
    const left = new Promise((done) => ours.addEventListener("close", done));
    const { fetcher } = upstream(() => new Response(null, { status: 101, webSocket: theirs }));
    const request = new Request("https://api.test/", { headers: { upgrade: "websocket" } });
    const answer = await ask(threadId, request, fetcher);
    if (!(answer instanceof Response) || answer.webSocket === null) throw new Error("There is no socket.");
    answer.webSocket.accept();
    const closed = new Promise((done) => answer.webSocket?.addEventListener("close", done));
    await expect.poll(() => usesOf(id)).toBe(1);
    await revokeAtOnce(id);
    await Promise.all([closed, left]);
  });
});
