import { Effect, Layer, ManagedRuntime } from "effect";
import { TestClock } from "effect/testing";
import { expect, test } from "vitest";
import { WorkerConfig, type WorkerConfigShape } from "../../config.ts";
import { Outbound } from "../../platform/outbound.ts";
import { testConfig } from "./lifecycle.testing.ts";
import { makeProviderProbe, ProviderProbe } from "./provider-probe.ts";

const probing = (
  answer: () => Response | Promise<Response>,
  config = testConfig(),
  hasContainers: () => Promise<boolean> = async () => true,
) => {
  let asked = 0;
  const outbound = async () => {
    asked += 1;
    return answer();
  };
  const runtime = ManagedRuntime.make(
    makeProviderProbe(hasContainers).pipe(
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

test("each way in which a machine of ours may run sandboxes is told as the machine tells it", async () => {
  const engines = { local: { available: false, reason: "No bubblewrap." }, docker: { available: true } };
  const it = probing(health({ status: "ok", engine: "docker", engines }));
  expect(await it.look()).toMatchObject(engines);
});

const cloudflare = (workerUrl: string | null, host = testConfig().sandboxes.host): WorkerConfigShape => ({
  ...testConfig(),
  sandboxes: { provider: "cloudflare" as const, host, cloudflare: { enabled: true, workerUrl } },
});

test("on Cloudflare its own are available, and no machine of ours is asked where there is none", async () => {
  const it = probing(health({}), cloudflare("https://threadbox.example", null));
  expect(await it.look()).toMatchObject({ cloudflare: { available: true }, local: { available: false } });
  expect(it.asked()).toBe(0);
});

test("S4.39, S4.61: without the worker's address Cloudflare isn't configured, and that is said", async () => {
  const state = { available: false, reason: "Cloudflare worker URL not configured" };
  expect((await probing(health({}), cloudflare(null)).look()).cloudflare).toEqual(state);
});

const without: readonly (readonly [string, () => Promise<boolean>])[] = [
  ["has no containers", async () => false],
  ["can't be asked", () => Promise.reject(new Error("Containers have not been enabled"))],
];
test.each(without)("Cloudflare isn't available where the worker's place %s", async (_, hasContainers) => {
  const it = probing(health({}), cloudflare("https://threadbox.example"), hasContainers);
  expect((await it.look()).cloudflare).toMatchObject({ available: false });
});
