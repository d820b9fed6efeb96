import { Effect, Layer, ManagedRuntime } from "effect";
import { TestClock } from "effect/testing";
import { expect, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import { Outbound } from "../../platform/outbound.ts";
import { testConfig } from "./lifecycle.testing.ts";
import { ProviderProbe, providerProbeLayer } from "./provider-probe.ts";

const probing = (answer: () => Response | Promise<Response>, config = testConfig()) => {
  let asked = 0;
  const outbound = async () => {
    asked += 1;
    return answer();
  };
  const runtime = ManagedRuntime.make(
    providerProbeLayer.pipe(
      Layer.provide([Layer.succeed(WorkerConfig, config), Layer.succeed(Outbound, outbound)]),
      Layer.provideMerge(TestClock.layer()),
    ),
  );
  return {
    look: () => runtime.runPromise(Effect.flatten(ProviderProbe)),
    pass: (ms: number) => runtime.runPromise(TestClock.adjust(ms)),
    asked: () => asked,
  };
};
const health = (body: unknown) => () => Response.json(body);

test("S4.45, T13: what a machine of ours runs is asked of it, and what it can't run is not available", async () => {
  const it = probing(health({ status: "ok", engine: "local" }));
  expect(await it.look()).toEqual({
    local: { available: true },
    docker: { available: false, reason: "Docker sandboxes not configured" },
    cloudflare: { available: false, reason: "Cloudflare sandboxes not configured" },
  });
  await it.look();
  expect(it.asked()).toBe(1);
  await it.pass(11_000);
  await it.look();
  expect(it.asked()).toBe(2);
});

test.each([
  ["a host without an engine", health({ status: "ok", engine: "none", reason: "No bubblewrap." }), "No bubblewrap."],
  ["a host that is away", () => Promise.reject(new Error("refused")), "The sandbox host does not answer"],
  ["something else", () => new Response("<html>"), "The sandbox host does not answer"],
  ["an answer without end", () => new Response("x".repeat(10_000)), "The sandbox host does not answer"],
] as const)("%s has no sandboxes, and says why", async (_, answer, reason) => {
  expect(await probing(answer).look()).toMatchObject({ local: { available: false, reason } });
});

test("on Cloudflare its own are available, and nobody is asked", async () => {
  const it = probing(health({}), { ...testConfig(), sandboxes: { provider: "cloudflare" } });
  expect(await it.look()).toMatchObject({ cloudflare: { available: true }, local: { available: false } });
  expect(it.asked()).toBe(0);
});
