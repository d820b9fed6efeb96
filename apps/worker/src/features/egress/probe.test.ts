import type { SecretProbe } from "@threadbox/contracts/secrets";
import { Effect, Layer, Redacted } from "effect";
import { describe, expect, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import { Outbound, SandboxOutbound } from "../../platform/outbound.ts";
import { testConfig } from "../sandbox/lifecycle.testing.ts";
import { SecretProbes } from "../secrets/index.ts";
import { secretProbesLayer } from "./probe.ts";

const probe: SecretProbe = {
  method: "GET",
  url: "https://api.test/me?a=1",
  placement: "bearer",
  placedIn: "",
  expectedStatus: 200,
};
const value = "sk-canary/1";

const run = async (more: Partial<SecretProbe>, answer: () => Response | Promise<Response>) => {
  const seen: Request[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    seen.push(new Request(input as string, init as RequestInit));
    return answer();
  };
  const probes = Layer.provide(
    secretProbesLayer,
    Layer.mergeAll(
      Layer.succeed(SandboxOutbound, fetcher),
      Layer.succeed(Outbound, async () => new Response("inside")),
      Layer.succeed(WorkerConfig, testConfig({ namedHosts: { egress: [], all: ["model.internal:8080"] } })),
    ),
  );
  const outcome = await Effect.runPromise(
    SecretProbes.use((service) => service.run({ ...probe, ...more }, Redacted.make(value))).pipe(
      Effect.provide(probes),
    ),
  );
  return { outcome, request: seen[0] };
};
const good = () => new Response("ok");

describe("a new value", () => {
  test.each([
    [{ placement: "bearer" }, { authorization: `Bearer ${value}` }],
    [{ placement: "basic", placedIn: "me" }, { authorization: `Basic ${btoa(`me:${value}`)}` }],
    [{ placement: "header", placedIn: "x-api-key" }, { "x-api-key": value }],
  ] as const)("is put where its host wants it: %j", async (more, headers) => {
    const { outcome, request } = await run(more, good);
    expect(outcome).toEqual({ isGood: true, words: "api.test answered 200, as it should." });
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject(headers);
    expect([request?.method, request?.url]).toEqual(["GET", probe.url]);
  });

  test("is put into the query", async () => {
    const { request } = await run({ method: "POST", placement: "query", placedIn: "key" }, good);
    expect([request?.method, request?.url]).toEqual(["POST", "https://api.test/me?a=1&key=sk-canary%2F1"]);
  });

  test("that its host refuses, or that is led elsewhere, is no good, and nothing of the answer is repeated", async () => {
    const refusal = () => new Response(`bad key ${value}`, { status: 401 });
    expect((await run({}, refusal)).outcome).toEqual({
      isGood: false,
      words: "api.test answered 401 in place of 200.",
    });
    const redirect = () => new Response(null, { status: 302, headers: { location: "https://evil.test/" } });
    expect((await run({}, redirect)).outcome.words).toBe("api.test answered 302 in place of 200.");
  });

  test("of a host that the installation names itself is tried there, wherever that is", async () => {
    const { outcome, request } = await run({ url: "https://model.internal:8080/v1/models" }, good);
    expect([outcome.words, request]).toEqual(["model.internal:8080 answered 200, as it should.", undefined]);
  });

  test("whose host can't be reached is no good", async () => {
    const outcome = await run({}, () => Promise.reject(new Error(value)));
    expect(outcome.outcome).toEqual({ isGood: false, words: "Couldn't reach api.test." });
  });
});
