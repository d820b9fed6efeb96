import { Effect } from "effect";
import { expect, test } from "vitest";
import { Outbound, outboundLayer } from "./outbound.ts";

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
