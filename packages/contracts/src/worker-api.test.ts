import { describe, expect, expectTypeOf, test } from "vitest";
import { fillPath, type PathNames, type WorkerAnswers, workerApi } from "./worker-api.ts";

describe("a path of the worker", () => {
  test("is filled in with what it names, and a value never becomes more than one segment", () => {
    expect(fillPath(workerApi.restartSandbox.path, { threadId: "t1" })).toBe("/api/sandbox/t1/restart");
    expect(fillPath(workerApi.transcript.path, { threadId: "a/b?c" })).toBe("/agents/chat/a%2Fb%3Fc/get-messages");
    expect(fillPath(workerApi.model.path, {})).toBe("/api/model");
  });

  test("is not taken without a name that it has", () => {
    expectTypeOf<PathNames<typeof workerApi.restartSandbox.path>>().toEqualTypeOf<"threadId">();
    expectTypeOf<PathNames<"/a/:one/b/:two">>().toEqualTypeOf<"one" | "two">();
    // @ts-expect-error The path names it threadId.
    expect(fillPath(workerApi.thread.path, { thread: "t1" })).toBe("/agents/chat/undefined");
  });
});

test("a field that the contract does not have cannot be read from an answer", () => {
  expectTypeOf<WorkerAnswers["model"]>().toHaveProperty("label");
  expectTypeOf<WorkerAnswers["model"]>().not.toHaveProperty("name");
});
