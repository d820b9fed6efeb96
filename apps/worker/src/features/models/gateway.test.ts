import { env } from "cloudflare:workers";
import { Generation, UserId } from "@threadbox/contracts/ids";
import { ModelDescription } from "@threadbox/contracts/model";
import { SecretName } from "@threadbox/contracts/secrets";
import { Effect, Layer, Redacted, Schema } from "effect";
import { describe, expect, test } from "vitest";
import { type ModelConfig, WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import { Outbound, outboundLayer, publicOutboundLayer } from "../../platform/outbound.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { policiesLayer } from "../egress/index.ts";
import { modelKeyRefused } from "../model-keys/index.ts";
import { testConfig } from "../sandbox/lifecycle.testing.ts";
import { someName } from "../sandbox/provider.contract.testing.ts";
import { signSandboxCredential } from "../sandbox/sandbox-credential.ts";
import { runningSandboxes } from "../sandbox/sandboxes.testing.ts";
import { SecretVault, secretVaultLayer } from "../secrets/index.ts";
import { completeChat, describeModel } from "./gateway.ts";
import { limitStream } from "./limit-stream.ts";
import { withModelName } from "./model-name.ts";
import { OwnModels } from "./own-models.ts";
import { askUpstream } from "./upstream.ts";

const threadId = newThreadId();
const current = Generation.make(4);
const config = testConfig();
const providerKey = "sk-canary-2f7d1c9ab04e";
const model: ModelConfig = {
  baseUrl: "http://model.test/v1",
  name: "vendor-model-1",
  apiKey: Redacted.make(providerKey),
};

const vault = secretVaultLayer(env);

/** Only one generation of one thread runs. */
const services = (choice: ModelConfig | null = null, fetcher?: typeof fetch) =>
  Layer.mergeAll(
    vault,
    Layer.succeed(WorkerConfig, { ...config, model: choice }),
    runningSandboxes((id, generation) => id === threadId && generation === current),
    fetcher === undefined ? outboundLayer({}) : Layer.succeed(Outbound, fetcher),
    publicOutboundLayer({}),
    policiesLayer(env),
    // Nobody here has a key of their own.
    Layer.succeed(OwnModels, { of: () => Effect.fail(modelKeyRefused("otherModel")) }),
  );

const credential = (generation = current, thread = threadId) =>
  Effect.runPromise(
    signSandboxCredential(
      { sandbox_name: someName("d"), thread_id: thread, generation, iat: 1_800_000_000 },
      config.sandboxCredentialKey,
    ),
  );

const chat = (token: string | null, body: BodyInit, headers: Record<string, string> = {}) => ({
  requestId: crypto.randomUUID(),
  request: new Request("http://worker.test/internal/model/v1/chat/completions", {
    method: "POST",
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body,
  }),
});
const hello = JSON.stringify({ model: "default", messages: [{ role: "user", content: "hello" }] });

const outcome = <R>(effect: Effect.Effect<unknown, WireFailure, R>, layer: Layer.Layer<R>): Promise<string> =>
  Effect.runPromise(
    Effect.match(effect, { onSuccess: () => "success", onFailure: (error) => error.wireTag }).pipe(
      Effect.provide(layer),
    ),
  );

describe("the model gateway", () => {
  test("answers nobody but a sandbox that runs", async () => {
    expect(await outcome(completeChat(chat(null, hello)), services())).toBe("TokenMissing");
    expect(await outcome(completeChat(chat(await credential(Generation.make(3)), hello)), services())).toBe(
      "TokenInvalid",
    );
  });
});

describe("without a provider the demo model answers", () => {
  test("with server-sent events where they are asked for", async () => {
    const body = JSON.stringify({ stream: true, messages: [{ role: "user", content: "hello" }] });
    const response = await Effect.runPromise(
      completeChat(chat(await credential(), body)).pipe(Effect.provide(services())),
    );
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const text = await response.text();
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(text.split("\n\n").length).toBeGreaterThan(5);
  });

  test("and is described as such", async () => {
    const describeWith = (choice: ModelConfig | null) =>
      Effect.runPromise(
        describeModel.pipe(Effect.provide(services(choice)), Effect.map(Schema.decodeUnknownSync(ModelDescription))),
      );
    expect(await describeWith(null)).toEqual({ provider: "demo", id: "demo", label: "Demo model" });
    expect(await describeWith(model)).toEqual({
      provider: "openai-compatible",
      id: "vendor-model-1",
      label: "vendor-model-1",
    });
  });

  test.each<[string, BodyInit, string]>([
    ["no JSON", "hello", "ValidationError"],
    ["null", "null", "ValidationError"],
    ["a list", "[]", "ValidationError"],
    ["no messages", "{}", "ValidationError"],
    ["messages of another shape", '{"messages":[1]}', "ValidationError"],
    ["more than the limit", new Uint8Array(16 * 1024 * 1024 + 1), "BodyTooLarge"],
  ])("%s is refused", async (_, body, tag) => {
    expect(await outcome(completeChat(chat(await credential(), body)), services())).toBe(tag);
  });
});

describe("the provider's key", () => {
  const keysSeen: (string | null)[] = [];
  const provider = async (_: RequestInfo | URL, init?: RequestInit) => {
    keysSeen.push(new Headers(init?.headers).get("authorization"));
    return Response.json({ ok: true });
  };
  const change = { actor: UserId.make("user_admin"), requestId: "r1" };
  const inVault = <A>(use: (keeper: SecretVault["Service"]) => Effect.Effect<A, WireFailure>) =>
    Effect.runPromise(SecretVault.use(use).pipe(Effect.provide(vault)));
  const ask = async () =>
    outcome(completeChat(chat(await credential(), hello)), services(model, provider as typeof fetch));

  test("is the configured one while the vault has none, then the vault's, the rotated one at the next call, and none once it is revoked", async () => {
    expect(await ask()).toBe("success");
    const { id } = await inVault((keeper) =>
      keeper.create(
        {
          name: SecretName.make("MODEL_API_KEY"),
          scope: { kind: "thread", threadId },
          usage: "internal",
          hosts: ["model.test"],
          value: "sk-vault-1",
          reason: "First key.",
        },
        change,
      ),
    );
    expect(await ask()).toBe("success");
    const next = { value: "sk-vault-2", reason: "Rotated.", expectedVersion: 1, overlapMinutes: 5 };
    await inVault((keeper) => keeper.rotate(id, next, change));
    expect(await ask()).toBe("success");
    const rotated = await inVault((keeper) => keeper.revoke(id, { version: 2, reason: "Leaked." }, change));
    expect(await ask()).toBe("SecretRevoked");
    expect(keysSeen).toEqual([`Bearer ${providerKey}`, "Bearer sk-vault-1", "Bearer sk-vault-2"]);
    expect(rotated.holders).toMatchObject([
      { kind: "gateway", threadId, generation: current, version: 2, at: expect.any(Number) },
    ]);
  });

  test("is not sent to a host that it is not bound to", async () => {
    const elsewhere = { ...model, baseUrl: "http://elsewhere.test/v1" };
    const before = keysSeen.length;
    const tag = await outcome(
      completeChat(chat(await credential(), hello)),
      services(elsewhere, provider as typeof fetch),
    );
    expect(tag).toBe("Forbidden");
    expect(keysSeen).toHaveLength(before);
  });
});

const askedOf = (body: Record<string, unknown>) => ({
  text: withModelName(JSON.stringify(body), body, model.name),
  isStream: body.stream === true,
});

const upstream = (
  answer: (request: Request) => Response | Promise<Response>,
  body: Record<string, unknown> = { stream: true },
) => {
  const seen: Request[] = [];
  const left = new AbortController();
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input as string, init as RequestInit);
    seen.push(request);
    return answer(request);
  };
  return { seen, left, effect: askUpstream(model, askedOf(body), left.signal, fetcher) };
};

describe("the operator's provider", () => {
  test("gets the model's name and the key in place of what the sandbox sent, and nothing else of its headers", async () => {
    const { seen, effect } = upstream(() => Response.json({ ok: true }), {
      model: "default",
      temperature: 0.5,
      messages: [],
    });
    await Effect.runPromise(effect);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe("http://model.test/v1/chat/completions");
    expect(await seen[0]?.json()).toEqual({ model: "vendor-model-1", temperature: 0.5, messages: [] });
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual({
      accept: "application/json",
      authorization: `Bearer ${providerKey}`,
      "content-type": "application/json",
    });
  });

  test("streams: a piece passes before the next is written, unchanged", async () => {
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const { effect } = upstream(
      () => new Response(body.readable, { headers: { "content-type": "text/event-stream", "x-internal": "1" } }),
    );
    const response = await Effect.runPromise(effect);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.has("x-internal")).toBe(false);
    const reader = response.body?.getReader();
    const first = new TextEncoder().encode('data: {"a":1}\n\n');
    void writer.write(first);
    expect([...((await reader?.read())?.value ?? [])]).toEqual([...first]);
    const last = new TextEncoder().encode('data: {"choices":[{"finish_reason":"stop"}]}\n\n');
    void writer.write(last);
    expect([...((await reader?.read())?.value ?? [])]).toEqual([...last]);
    void writer.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  test("is let go of when the caller leaves in the middle of the stream", async () => {
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const { effect, seen } = upstream(
      () => new Response(body.readable, { headers: { "content-type": "text/event-stream" } }),
    );
    const response = await Effect.runPromise(effect);
    await response.body?.cancel();
    expect(seen[0]?.signal.aborted).toBe(true);
  });

  test("is let go of when the caller's connection breaks", async () => {
    const { effect, seen, left } = upstream(() => new Response("x"));
    await Effect.runPromise(effect);
    left.abort();
    expect(seen[0]?.signal.aborted).toBe(true);
  });

  test.each([400, 401, 429, 500, 503])(
    "its refusal %i passes with status, words and Retry-After, but without the key",
    async (status) => {
      const error = {
        message: `Incorrect API key provided: ${providerKey} (sk-proj-abc***xyz1)`,
        type: "some_error",
        code: "c1",
        param: null,
        internal: { host: "10.0.0.7" },
      };
      const { effect } = upstream(() =>
        Response.json(
          { error, trace: "at model.js:1" },
          { status, headers: { "retry-after": "17", "set-cookie": "a=b", server: "nginx" } },
        ),
      );
      const response = await Effect.runPromise(effect);
      expect(response.status).toBe(status);
      expect(Object.fromEntries(response.headers)).toEqual({ "content-type": "application/json", "retry-after": "17" });
      expect(await response.json()).toEqual({
        error: {
          message: expect.stringMatching(/^Incorrect API key provided: \[redacted\] \(\[redacted\]\) \[threadbox \w+/),
          type: "upstream_error",
          code: "c1",
        },
      });
    },
  );

  test("an error page becomes a plain sentence", async () => {
    const { effect } = upstream(() => new Response("<html><h1>502</h1>10.0.0.7</html>", { status: 502 }));
    expect(await (await Effect.runPromise(effect)).json()).toEqual({
      error: {
        message: "The model provider returned status 502. [threadbox fault]",
        type: "upstream_error",
        code: null,
      },
    });
  });

  test.each([301, 302, 307, 308])("A42: a redirect %i is never followed", async (status) => {
    const { effect, seen } = upstream(
      () => new Response(null, { status, headers: { location: "http://169.254.169.254/" } }),
    );
    expect(await outcome(effect, Layer.empty)).toBe("UpstreamError");
    expect(seen).toHaveLength(1);
    expect(seen[0]?.redirect).toBe("manual");
  });

  test("that cannot be reached is an upstream error", async () => {
    const { effect } = upstream(() => Promise.reject(new Error(`getaddrinfo ENOTFOUND ${providerKey}`)));
    expect(await outcome(effect, Layer.empty)).toBe("UpstreamError");
  });
});

describe("A44: the limits of an answer", () => {
  test("an answer that is no stream and has no end is given up", async () => {
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024)),
      });
    const { effect, seen } = upstream(() => new Response(endless()), { stream: false });
    expect(await outcome(effect, Layer.empty)).toBe("UpstreamError");
    expect(seen[0]?.signal.aborted).toBe(true);
  });

  const pour = (count: number) =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let piece = 0; piece < count; piece += 1) controller.enqueue(new Uint8Array(10));
      },
    });

  test("too many bytes end it with an error, after those that were allowed", async () => {
    let isReleased = false;
    const limited = limitStream(pour(10), { bytesMax: 35, idleMsMax: 10_000 }, () => {
      isReleased = true;
    });
    let bytes = 0;
    const read = async () => {
      for await (const piece of limited) bytes += piece.byteLength;
    };
    await expect(read()).rejects.toThrow("too long");
    expect([bytes, isReleased]).toEqual([30, true]);
  });

  test("silence ends it with an error", async () => {
    let isReleased = false;
    const limited = limitStream(pour(1), { bytesMax: 100, idleMsMax: 5 }, () => {
      isReleased = true;
    });
    await expect(new Response(limited).text()).rejects.toThrow("went quiet");
    expect(isReleased).toBe(true);
  });
});
