import { env } from "cloudflare:workers";
import { ProgramReport } from "@threadbox/contracts/codemode";
import { codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { Generation } from "@threadbox/contracts/ids";
import { Effect, Schema } from "effect";
import { expect, test } from "vitest";
import { makeWorkerRuntime } from "../../runtime.ts";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { machineOf, outcomeOf, returned } from "./machine.testing.ts";
import { answerMcp, resumeMcp } from "./mcp.ts";

const runtime = makeWorkerRuntime(env);

const decodeReport = Schema.decodeUnknownSync(Schema.fromJsonString(ProgramReport));
const Content = Schema.Struct({ type: Schema.Literal("text"), text: Schema.String });
const decodeResult = Schema.decodeUnknownSync(
  Schema.Struct({ result: Schema.Struct({ content: Schema.Tuple([Content]) }) }),
);

const ask = async (message: unknown) => {
  const request = new Request("http://worker.test/", { method: "POST", body: JSON.stringify(message) });
  const caller = { threadId: newThreadId(), generation: Generation.make(1), requestId: "request-1" };
  const machine = machineOf(async ({ answer }) => returned(String(await outcomeOf(answer("workspace.erase", {})))));
  const answering = Effect.match(answerMcp({ request, params: {}, requestId: "request-1" }, caller), {
    onSuccess: (response) => response,
    onFailure: ({ wireTag }) => wireTag,
  });
  const answer = await runtime.runPromise(Effect.provide(answering, machine));
  if (typeof answer === "string") return answer;
  return answer.status === 202 ? null : answer.json();
};
const call = (params: unknown) => ask({ jsonrpc: "2.0", id: 7, method: "tools/call", params });

test("a client is told the version it speaks, or the newest one that is known", async () => {
  const initialize = (protocolVersion: string) =>
    ask({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion, capabilities: {} } });
  expect(await initialize("2025-06-18")).toMatchObject({ id: 1, result: { protocolVersion: "2025-06-18" } });
  expect(await initialize("1999-01-01")).toMatchObject({ id: 1, result: { protocolVersion: "2025-11-25" } });
  expect(await ask({ jsonrpc: "2.0", method: "notifications/initialized" })).toBeNull();
});

test("the one tool is described with the type of every tool of a program", async () => {
  const listed = await ask({ jsonrpc: "2.0", id: "a", method: "tools/list" });
  expect(listed).toMatchObject({
    id: "a",
    result: { tools: [{ name: codemodeMcp.tool, inputSchema: { required: ["code"] } }] },
  });
  const text = JSON.stringify(listed);
  for (const words of ["declare const workspace", "declare const codemode", "fetchUrl", "getSecret", "(writes)"])
    expect(text).toContain(words);
});

test("a program is run, and its report says what it returned and each call it made", async () => {
  const answer = await call({ name: codemodeMcp.tool, arguments: { code: "async () => {}" } });
  const { result } = decodeResult(answer);
  const report = decodeReport(result.content[0].text);
  expect(report).toMatchObject({
    printed: [],
    calls: [{ tool: "workspace.erase", refusal: "There is no such tool." }],
  });
});

test("the rest of a stream that broke is asked for by its name: a run of which nobody is asked was lost", async () => {
  const caller = { threadId: newThreadId(), generation: Generation.make(1), requestId: "request-1" };
  const resume = (name: string) => {
    const request = new Request("http://worker.test/", { headers: { "last-event-id": name } });
    const resuming = Effect.match(resumeMcp({ request, params: {}, requestId: "request-1" }, caller), {
      onSuccess: (response) => response,
      onFailure: ({ wireTag }) => wireTag,
    });
    return runtime.runPromise(resuming);
  };
  expect(await resume("")).toBe("MethodNotAllowed");
  const answer = await resume(`${"a".repeat(64)}.7`);
  const text = typeof answer === "string" ? "" : await answer.text();
  expect(text).toContain(`id: ${"a".repeat(64)}.7\n`);
  expect(text).toContain('"id":7');
  expect(text).toContain("What came of this run isn't known any more.");
});

test.each([
  ["another tool", { name: "other", arguments: { code: "x" } }],
  ["no program", { name: codemodeMcp.tool, arguments: {} }],
  ["a program that is too long", { name: codemodeMcp.tool, arguments: { code: "x".repeat(65_537) } }],
])("a call with %s is refused, and nothing runs", async (_, params) => {
  expect(await call(params)).toMatchObject({ id: 7, error: { code: -32602 } });
});

test("what is no message, or a method that is not there, is refused", async () => {
  expect(await ask({ hello: 1 })).toBe("ValidationError");
  expect(await ask({ jsonrpc: "2.0", id: 1, method: "resources/list" })).toMatchObject({ error: { code: -32601 } });
});
