import { env } from "cloudflare:workers";
import {
  type EgressRequestHead,
  EgressRequestHeader,
  EgressResponseHeader,
  EgressSandboxHeader,
  egressApi,
} from "@threadbox/contracts/egress";
import { Generation } from "@threadbox/contracts/ids";
import { Effect, Layer, Schema } from "effect";
import { describe, expect, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import { heardJournal } from "../../platform/journal.testing.ts";
import { SandboxOutbound } from "../../platform/outbound.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { testConfig } from "../sandbox/lifecycle.testing.ts";
import { runningSandboxes } from "../sandbox/sandboxes.testing.ts";
import { secretVaultLayer } from "../secrets/index.ts";
import { type EgressCall, EgressInterceptors } from "./interceptor.ts";
import { policiesLayer } from "./policies.ts";
import { egressPoliciesRef } from "./refs.ts";
import { egressRoutes } from "./routes.ts";

const threadId = newThreadId();
const journal = heardJournal();
const current = Generation.make(4);
const hostToken = "control-channel-token";

type Handle = (call: EgressCall) => Effect.Effect<Response, WireFailure>;

/** Only one generation of one thread runs; one interceptor answers for `api.test`. */
const services = (handle: Handle) =>
  Layer.mergeAll(
    Layer.succeed(WorkerConfig, testConfig()),
    secretVaultLayer(env),
    Layer.succeed(SandboxOutbound, () => Promise.reject(new Error("not used"))),
    Layer.succeed(EgressInterceptors, [{ hosts: ["api.test", "registry.npmjs.org"], handle }]),
    journal.layer,
    policiesLayer(env),
    runningSandboxes((id, generation) => id === threadId && generation === current),
  );

const encodeSandbox = Schema.encodeSync(EgressSandboxHeader);
const encodeHead = Schema.encodeSync(EgressRequestHeader);
const decodeHead = Schema.decodeUnknownSync(EgressResponseHeader);

const proof = (generation = current) => ({
  authorization: `Bearer ${hostToken}`,
  [egressApi.sandboxHeader]: encodeSandbox({ threadId, generation }),
});

const send = (
  path: string,
  headers: Record<string, string>,
  body: BodyInit | null,
  handle: Handle = () => Effect.die("not used"),
) => {
  const route = egressRoutes.find((each) => each.path === path);
  if (route === undefined) throw new Error("There is no such route.");
  const request = new Request(`http://worker.test${path}`, { method: "POST", headers, body });
  return Effect.runPromise(
    Effect.match(route.handle({ request, params: {}, requestId: "request" }), {
      onSuccess: (response) => response,
      onFailure: ({ wireTag }) => wireTag,
    }).pipe(Effect.provide(services(handle))),
  );
};

const ask = async (host: unknown, headers: Record<string, string> = proof()) => {
  const answer = await send(egressApi.decisionPath, headers, JSON.stringify({ host }));
  return typeof answer === "string" ? answer : ((await answer.json()) as { verdict: string }).verdict;
};

const call = (
  head: Partial<EgressRequestHead>,
  body: BodyInit | null,
  handle: Handle,
  headers: Record<string, string> = proof(),
) =>
  send(
    egressApi.callPath,
    {
      ...headers,
      [egressApi.headHeader]: encodeHead({ method: "GET", host: "api.test", path: "/", headers: [], ...head }),
    },
    body,
    handle,
  );

describe("the decision about a host", () => {
  test("is to intercept where somebody answers for it, to let pass what is open to all, and else to refuse", async () => {
    expect(await ask("api.test")).toBe("intercept");
    expect(await ask("pypi.org")).toBe("tunnel");
    expect(await ask("registry.npmjs.org")).toBe("intercept");
    expect(await ask("evil.test")).toBe("deny");
    expect(await ask("evil.pypi.org")).toBe("deny");
  });

  test("follows what the thread's owner allows and removes, with the next question", async () => {
    const policies = egressPoliciesRef(env);
    await policies.change(threadId, { allow: "*.allowed.test" });
    expect([await ask("a.allowed.test"), await ask("allowed.test")]).toEqual(["tunnel", "deny"]);
    await policies.change(threadId, { remove: "*.allowed.test" });
    expect(await ask("a.allowed.test")).toBe("deny");
  });

  test.each(["API.test", "api.test:443", "127.0.0.1", "localhost", "", null, "a".repeat(2000)])(
    "%j is no host's name",
    async (host) => {
      expect(await ask(host)).toBe("ValidationError");
    },
  );

  test("is told to nobody but the sandbox host, and about no generation that has ended", async () => {
    const { authorization, ...sandbox } = proof();
    expect(await ask("api.test", sandbox)).toBe("TokenMissing");
    expect(await ask("api.test", { ...sandbox, authorization: `${authorization}x` })).toBe("TokenInvalid");
    expect(await ask("api.test", { ...proof(), origin: "http://page.test" })).toBe("OriginRejected");
    expect(await ask("api.test", proof(Generation.make(3)))).toBe("TokenInvalid");
    expect(await ask("api.test", { authorization })).toBe("ValidationError");
  });
});

describe("a call to an intercepted host", () => {
  test("reaches the interceptor as the program's own request, of the thread that it comes from", async () => {
    const seen: unknown[] = [];
    const head = { method: "POST", path: "/v1/x?q=%2F", headers: [["authorization", "Bearer phantom"]] } as const;
    const answer = await call(head, "body", (made) =>
      Effect.promise(async () => {
        const { request, ...rest } = made;
        seen.push(rest, request.method, request.url, [...request.headers], await request.text());
        return new Response("made", { status: 201, headers: { "x-answer": "yes", "cache-control": "public" } });
      }),
    );
    expect(seen).toEqual([
      { threadId, generation: current, requestId: "request" },
      "POST",
      "https://api.test/v1/x?q=%2F",
      [["authorization", "Bearer phantom"]],
      "body",
    ]);
    if (typeof answer === "string") throw new Error(answer);
    const { status, headers } = decodeHead(answer.headers.get(egressApi.headHeader));
    expect([answer.status, status, await answer.text()]).toEqual([200, 201, "made"]);
    expect(new Headers(headers.map(([name, value]) => [name, value])).get("cache-control")).toBe("public");
  });

  test("its answer streams, and its end is told to whoever sends it", async () => {
    let isEnded = false;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("piece")),
      cancel: () => {
        isEnded = true;
      },
    });
    const answer = await call({}, null, () => Effect.succeed(new Response(body)));
    if (typeof answer === "string") throw new Error(answer);
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("piece");
    await reader?.cancel();
    expect(isEnded).toBe(true);
  });

  test.each([
    ["another host by its path", { path: "//evil.test/" }, "https://api.test//evil.test/"],
    ["a host that nobody answers for", { host: "pypi.org" }, "Forbidden"],
    ["a header that is none", { headers: [["a b", "x"]] }, "ValidationError"],
  ] as const)("%s is not another host's call", async (_, head, expected) => {
    const urls: string[] = [];
    const answer = await call(head, null, ({ request }) => {
      urls.push(request.url);
      return Effect.succeed(new Response());
    });
    expect([typeof answer === "string" ? answer : "", ...urls]).toContain(expected);
  });

  test("is refused of a generation that has ended, and of nobody", async () => {
    expect(await call({}, null, () => Effect.die("not used"), proof(Generation.make(3)))).toBe("TokenInvalid");
    expect(await call({}, null, () => Effect.die("not used"), {})).toBe("TokenMissing");
  });
});

describe("what became of connections", () => {
  const tell = async (body: unknown, headers: Record<string, string> = proof()) => {
    const answer = await send(egressApi.tallyPath, headers, JSON.stringify(body));
    return typeof answer === "string" ? answer : answer.status;
  };
  const tally = { host: "evil.test", verdict: "deny", count: 12, firstAt: 5, lastAt: Number.MAX_SAFE_INTEGER };

  test("is an entry of the thread's journal by host and verdict, and none of it lies in the future", async () => {
    const before = Date.now();
    journal.counts.length = 0;
    const told = [
      { ...tally, cause: "unlisted" },
      { ...tally, host: null, path: "/secret" },
    ];
    expect(await tell({ tallies: told })).toBe(204);
    expect(journal.counts).toEqual([
      {
        subject: "evil.test",
        detail: { verdict: "deny", cause: "unlisted" },
        count: 12,
        firstAt: 5,
        lastAt: expect.any(Number),
      },
      { subject: "", detail: { verdict: "deny" }, count: 12, firstAt: 5, lastAt: expect.any(Number) },
    ]);
    const [first] = journal.counts;
    expect(first?.lastAt).toBeGreaterThanOrEqual(before);
    expect(first?.lastAt).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    [{ tallies: [{ ...tally, host: "evil.test/path" }] }],
    [{ tallies: [{ ...tally, count: 0 }] }],
    [{ tallies: [{ ...tally, cause: "mood" }] }],
    [{ tallies: Array.from({ length: 65 }, () => tally) }],
  ])("%# is not taken from whoever says it wrongly", async (body) => {
    expect(await tell(body)).toBe("ValidationError");
  });

  test("is told by nobody but the sandbox host, and of no generation that has ended", async () => {
    expect(await tell({ tallies: [tally] }, {})).toBe("TokenMissing");
    expect(await tell({ tallies: [tally] }, proof(Generation.make(3)))).toBe("TokenInvalid");
  });
});
