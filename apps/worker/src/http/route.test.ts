import { Effect } from "effect";
import { expect, test } from "vitest";
import { jsonRoute } from "./route.ts";

const request = { request: new Request("http://worker.test/api/model"), params: {}, requestId: "r1" };

test("a route has the method and path of the contract, and answers with what the contract names", async () => {
  const described = { provider: "demo", id: "demo", label: "Demo model" } as const;
  const route = jsonRoute("model", "page", () => Effect.succeed(described));
  expect(route).toMatchObject({ method: "GET", path: "/api/model", audience: "page" });
  const response = await Effect.runPromise(route.handle(request));
  expect(await response.json()).toEqual(described);
});

test("a handler whose answer lacks a field of the contract does not compile", () => {
  const renamed = { provider: "demo", id: "demo", name: "Demo model" } as const;
  // @ts-expect-error The contract calls it label.
  expect(jsonRoute("model", "page", () => Effect.succeed(renamed)).path).toBe("/api/model");
});
