import { Effect } from "effect";
import { expect, test } from "vitest";
import { Outbound, outboundLayer, SandboxOutbound, sandboxOutboundLayer } from "./outbound.ts";

test("a straight way out is taken where the machine gives one, with the request as it is", async () => {
  const asked: [string, string][] = [];
  const OUTBOUND = {
    fetch: async (input: string, init: RequestInit) => {
      asked.push([input, String(init.method)]);
      return new Response("straight");
    },
  };
  const ask = Outbound.use((outbound) => Effect.promise(() => outbound("http://model.test/v1", { method: "POST" })));
  const response = await Effect.runPromise(Effect.provide(ask, outboundLayer({ OUTBOUND })));
  expect(await response.text()).toBe("straight");
  expect(asked).toEqual([["http://model.test/v1", "POST"]]);
});

test("a host of which the operator has said where it is has a way of its own, by https alone", async () => {
  const way = (name: string) => ({ fetch: async () => new Response(name) });
  const env = {
    OUTBOUND: way("straight"),
    OUTBOUND_0: way("named"),
    OUTBOUND_HOSTS: { "mirror.test": "OUTBOUND_0" },
  };
  const ask = (url: string) =>
    Outbound.use((outbound) => Effect.promise(async () => (await outbound(url)).text())).pipe(
      Effect.provide(outboundLayer(env)),
      Effect.runPromise,
    );
  expect(await ask("https://mirror.test/file")).toBe("named");
  for (const url of [
    "http://mirror.test/file",
    "https://mirror.test:8443/",
    "https://constructor/",
    "https://other.test/",
  ])
    expect({ url, way: await ask(url) }).toEqual({ url, way: "straight" });
});

test("what leaves a sandbox goes to public addresses alone, but for hosts of which the operator has said where they are", async () => {
  const way = (name: string) => ({ fetch: async () => new Response(name) });
  const env = {
    OUTBOUND: way("anywhere"),
    PUBLIC_OUTBOUND: way("public"),
    OUTBOUND_0: way("named"),
    OUTBOUND_HOSTS: { "mirror.test": "OUTBOUND_0" },
  };
  const ask = (url: string) =>
    SandboxOutbound.use((outbound) => Effect.promise(async () => (await outbound(url)).text())).pipe(
      Effect.provide(sandboxOutboundLayer(env)),
      Effect.runPromise,
    );
  expect(await ask("https://mirror.test/file")).toBe("named");
  for (const url of [
    "https://127.0.0.1.nip.io/",
    "https://other.test/",
    "http://mirror.test/",
    "https://mirror.test:8443/",
  ])
    expect({ url, way: await ask(url) }).toEqual({ url, way: "public" });
});
