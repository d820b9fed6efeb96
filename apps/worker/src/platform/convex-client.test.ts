import { ThreadId } from "@threadbox/contracts/ids";
import { serviceToken } from "@threadbox/contracts/service-token";
import { Effect, Fiber, Layer, ManagedRuntime, Redacted } from "effect";
import { TestClock } from "effect/testing";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, test } from "vitest";
import { WorkerConfig, type WorkerConfigShape } from "../config.ts";
import { testBindings } from "../testing/tokens.testing.ts";
import { ConvexClient, type ConvexClientShape, convexClientLayer } from "./convex-client.ts";
import { Outbound } from "./outbound.ts";

const config: WorkerConfigShape = {
  appOrigin: testBindings.APP_ORIGIN,
  convexUrl: "http://convex.test",
  viewBaseOrigin: "http://sbx.threadbox.localhost:8787",
  accessTokens: { issuer: "http://identity.test", jwksUrl: "http://identity.test/jwks", audience: null },
  threadTokenJwks: "",
  serviceTokenPrivateJwk: Redacted.make(testBindings.SERVICE_TOKEN_PRIVATE_JWK),
  sandboxCredentialKey: Redacted.make(new Uint8Array()),
  sandboxNameKey: Redacted.make(new Uint8Array()),
  vaultKeys: Redacted.make("{}"),
  sandboxIdleMs: 1,
  metricsToken: null,
  collector: null,
  apiToken: null,
  codemodeKey: null,
  sandboxes: { provider: "cloudflare", host: null, cloudflare: { enabled: true, workerUrl: null } },
  openAi: { issuerUrl: "http://openai.test", codexUrl: "http://openai.test" },
  ownModels: { openAiUrl: "http://openai-api.test/v1", anthropicUrl: "http://anthropic-api.test/v1", hosts: [] },
  namedHosts: { egress: [], all: [] },
  model: null,
};

/** The client over answers in order; the last one is repeated. Time passes as fast as the client waits for it. */
const clientOver = (...answers: (() => Response | Promise<Response>)[]) => {
  const requests: Request[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    requests.push(new Request(input as string, init as RequestInit));
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    return answer === undefined ? Response.error() : answer();
  };
  const runtime = ManagedRuntime.make(
    convexClientLayer.pipe(
      Layer.provide(Layer.succeed(Outbound, fetcher)),
      Layer.provide(Layer.succeed(WorkerConfig, config)),
      Layer.provideMerge(TestClock.layer()),
    ),
  );
  const run = async (
    use: (client: ConvexClientShape) => Effect.Effect<unknown, { readonly _tag: string; readonly wireTag: string }>,
  ) => {
    const effect = ConvexClient.use(use).pipe(
      Effect.match({ onSuccess: (value) => ({ value }), onFailure: ({ _tag, wireTag }) => ({ _tag, wireTag }) }),
    );
    const fiber = runtime.runFork(effect);
    const settled = runtime.runPromise(Fiber.join(fiber));
    let isSettled = false;
    void settled.finally(() => {
      isSettled = true;
    });
    await expect
      .poll(async () => {
        await runtime.runPromise(TestClock.adjust("1 second"));
        return isSettled;
      })
      .toBe(true);
    return settled;
  };
  return { requests, run };
};

const success = (value: unknown) => () => Response.json({ status: "success", value, logLines: [] });
const failed = (errorData?: unknown) => () =>
  Response.json(
    { status: "error", errorMessage: "Uncaught Error at model/x.ts:1", errorData, logLines: [] },
    { status: 560 },
  );

const thread = { threadId: ThreadId.make("thread00000000000000000000000001") };
const truncation = { ...thread, fromPosition: 0 };

describe("the worker's way to Convex", () => {
  test("a call names the function, its arguments and the service identity", async () => {
    const { requests, run } = clientOver(success({ ownerId: "u" }));
    expect(await run((convex) => convex.query("threads:access", thread))).toEqual({
      value: { ownerId: "u" },
    });
    expect(requests[0]?.url).toBe("http://convex.test/api/query");
    expect(await requests[0]?.json()).toEqual({
      path: "threads:access",
      format: "convex_encoded_json",
      args: [{ threadId: thread.threadId }],
    });
    const token = requests[0]?.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "ES256", kid: "service-1" });
    const { issuer, audience, subject } = serviceToken;
    expect(decodeJwt(token)).toMatchObject({ iss: issuer, aud: audience, sub: subject });
  });

  test("the token is used again until it is about to end", async () => {
    const { requests, run } = clientOver(success(1));
    for (let call = 0; call < 3; call += 1) await run((convex) => convex.query("threads:access", thread));
    const early = requests.map(({ headers }) => headers.get("authorization"));
    expect(new Set(early).size).toBe(1);
    for (let call = 0; call < 120; call += 1) await run((convex) => convex.query("threads:access", thread));
    expect(requests.at(-1)?.headers.get("authorization")).not.toBe(early[0]);
  });

  test("a busy store is asked three times in all, then is unavailable", async () => {
    const { requests, run } = clientOver(() => new Response("overloaded", { status: 503 }));
    expect(await run((convex) => convex.mutation("messages:truncate", truncation))).toEqual({
      _tag: "ConvexUnavailableError",
      wireTag: "StoreUnavailable",
    });
    expect(requests).toHaveLength(3);
  });

  test("a store that recovers between two attempts costs the caller nothing", async () => {
    const { run } = clientOver(() => Promise.reject(new Error("connection refused")), success(true));
    expect(await run((convex) => convex.mutation("messages:truncate", truncation))).toEqual({ value: true });
  });

  test("a store that never answers is given up", async () => {
    const { run } = clientOver(() => new Promise(() => {}));
    expect(await run((convex) => convex.query("threads:access", thread))).toMatchObject({
      _tag: "ConvexUnavailableError",
    });
  });

  test("a function's refusal keeps its tag and is not repeated", async () => {
    const { requests, run } = clientOver(failed({ _tag: "NotFound", message: "x" }));
    expect(await run((convex) => convex.query("threads:access", thread))).toEqual({
      _tag: "ConvexFunctionError",
      wireTag: "NotFound",
    });
    expect(requests).toHaveLength(1);
  });

  test("a function's crash becomes an internal error that tells nothing of it", async () => {
    const { run } = clientOver(failed());
    expect(await run((convex) => convex.query("threads:access", thread))).toEqual({
      _tag: "ConvexFunctionError",
      wireTag: "Internal",
    });
  });

  test("a refused identity is no function's refusal and is not repeated", async () => {
    const { requests, run } = clientOver(() => new Response("Unauthenticated", { status: 401 }));
    expect(await run((convex) => convex.query("threads:access", thread))).toEqual({
      _tag: "ConvexFunctionError",
      wireTag: "Internal",
    });
    expect(requests).toHaveLength(1);
  });

  test("an answer of another shape is no success", async () => {
    const { run } = clientOver(() => Response.json({ hello: 1 }));
    expect(await run((convex) => convex.query("threads:access", thread))).toMatchObject({
      _tag: "ConvexUnavailableError",
    });
  });
});
