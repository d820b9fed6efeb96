import { runInDurableObject } from "cloudflare:test";
import type { ThreadId } from "@threadbox/contracts/ids";
import { programApi } from "@threadbox/contracts/program-api";
import { type Receipt, ReceiptText } from "@threadbox/contracts/program-runs";
import { Effect, Layer, Schema } from "effect";
import { describe, expect, test } from "vitest";
import { heardJournal } from "../../platform/journal.testing.ts";
import { newThreadId, signToken } from "../../testing/tokens.testing.ts";
import { approvalsOf, decide, pendingOf, runtime, start, write, writeB } from "./approval.testing.ts";
import { machineOf, returned } from "./machine.testing.ts";
import type { MachineRun } from "./machine.ts";
import { codemodeRoutes } from "./routes.ts";
import { runProgram } from "./run.ts";
import { RunBook, sha256 } from "./run-book.ts";

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(ReceiptText));
const receiptsOf = async (threadId: ThreadId) => (await approvalsOf(threadId).runs()).receipts;
const read = ({ text }: Receipt) => decode(text);

describe("the receipts of a thread's programs", () => {
  test("say what was run, called, wanted, decided and returned, each chained to the one before", async () => {
    const threadId = newThreadId();
    await write(threadId, "a.txt", "one");
    const running = start(threadId, [writeB, ["workspace.read", { path: "../x" }]], "async () => 1");
    const [pending] = await pendingOf(threadId);
    await decide(threadId, pending?.approvalId, "deny");
    const report = await running;
    await start(threadId, [], "async () => 2");
    const receipts = await receiptsOf(threadId);
    const [first, second] = receipts.map(read);
    expect(first).toMatchObject({
      ...{ sequence: 1, program: await sha256("async () => 1"), decision: "denied", end: "failed", before: "" },
      calls: [
        { tool: "workspace.write", args: 'path: "b.txt", content: "one\\n"' },
        { tool: "workspace.read", refusal: "The path is outside the workspace." },
      ],
      files: [{ path: "b.txt", content: await sha256("one\n") }],
      ...{ requests: [], result: await sha256(report.error ?? "") },
    });
    expect(second).toMatchObject({
      sequence: 2,
      end: "returned",
      result: await sha256("[]"),
      before: receipts[0]?.hash,
    });
    for (const { text, hash } of receipts) expect(hash).toBe(await sha256(text));
  });

  test("are each named in the thread's journal, which another store keeps", async () => {
    const threadId = newThreadId();
    const journal = heardJournal();
    const caller = { threadId, requestId: "request-1", generation: null };
    const supplies = Layer.merge(
      machineOf(async () => returned(1)),
      journal.layer,
    );
    for (const program of ["async () => 1", "async () => 2"])
      await runtime.runPromise(Effect.provide(runProgram(program, caller), supplies));
    const receipts = await receiptsOf(threadId);
    expect(journal.entries.map(({ detail }) => detail)).toEqual(
      receipts.map(({ hash }, at) => ({ end: "returned", calls: 0, receipt: { sequence: at + 1, hash } })),
    );
  });

  test("are the newest two hundred, still a chain", async () => {
    await runInDurableObject(approvalsOf(newThreadId()), async (_, { storage }) => {
      const book = new RunBook(storage);
      for (let at = 0; at < 203; at += 1)
        await book.add({
          ...{ runId: `run-${at}`, at, durationMs: 1, program: "x", calls: [], files: [], requests: [] },
          ...{ end: "returned", result: "" },
        });
      const kept = book.receipts();
      expect([kept.length, kept[0] && read(kept[0]).sequence]).toEqual([200, 4]);
      for (const [at, { hash }] of kept.slice(0, -1).entries()) {
        const next = kept[at + 1];
        expect(next && read(next).before).toBe(hash);
      }
    });
  });
});

describe("a program that is kept under a name", () => {
  const send = async (
    threadId: ThreadId,
    route: { readonly method: string; readonly path: string },
    params: Readonly<Record<string, string>>,
    body: unknown,
    program: (run: MachineRun) => Promise<Schema.Json> = async () => null,
  ) => {
    const found = codemodeRoutes.find(({ path, method }) => path === route.path && method === route.method);
    const request = new Request("http://worker.test/", {
      method: route.method,
      headers: { authorization: `Bearer ${await signToken(threadId)}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const routed = { request, params: { threadId, ...params }, requestId: crypto.randomUUID() };
    const machine = machineOf(async (run) => returned(await program(run)));
    const answer = await runtime.runPromise(
      Effect.match(found?.handle(routed) ?? Effect.die("There is no such route."), {
        onSuccess: (response): Response | string => response,
        onFailure: ({ wireTag }) => wireTag,
      }).pipe(Effect.provide(machine)),
    );
    return typeof answer === "string" ? answer : await answer.text();
  };
  const { keepSnippet, runSnippet, dropSnippet } = programApi;

  test("is run again with arguments, and is gone once it is deleted", async () => {
    const threadId = newThreadId();
    await start(threadId, [], "async (input) => input");
    const kept = JSON.parse(await send(threadId, keepSnippet, {}, { name: "Echo", sequence: 1 }));
    expect(kept).toMatchObject({ name: "Echo", program: "async (input) => input" });
    const { snippetId } = kept;
    const seen: MachineRun[] = [];
    const answer = await send(threadId, runSnippet, { snippetId }, { arguments: { a: 1 } }, async (run) => {
      seen.push(run);
      return run.input ?? null;
    });
    expect(answer).toContain('"result":{"a":1}');
    expect(seen[0]).toMatchObject({ program: "async (input) => input", input: { a: 1 } });
    expect((await receiptsOf(threadId)).map(read)[1]).toMatchObject({ arguments: { a: 1 } });
    await send(threadId, dropSnippet, { snippetId }, undefined);
    expect(await send(threadId, runSnippet, { snippetId }, {})).toBe("NotFound");
    expect((await approvalsOf(threadId).runs()).snippets).toEqual([]);
  });

  test("is of a run that is known, and of its own thread", async () => {
    const threadId = newThreadId();
    expect(await send(threadId, keepSnippet, {}, { name: "None", sequence: 1 })).toBe("QuotaExceeded");
    expect(await send(threadId, keepSnippet, {}, { name: "", sequence: 1 })).toBe("ValidationError");
    await start(threadId, [], "async () => 1");
    const { snippetId } = JSON.parse(await send(threadId, keepSnippet, {}, { name: "One", sequence: 1 }));
    expect(await send(newThreadId(), runSnippet, { snippetId }, {})).toBe("NotFound");
  });
});
