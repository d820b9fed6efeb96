import { validParts } from "@threadbox/contracts/restarted-part";
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordingOf, recordings } from "./all-recordings.testing.ts";
import type { Recording } from "./recordings.testing.ts";
import { beginTurn, endTurn, markGap, reduceEvent, resync, settledParts, type TurnState } from "./reducer.ts";
import { StoredSession } from "./stored-session.testing.ts";

type Part = UIMessage["parts"][number];

/** The message a client of the AI SDK has after these chunks. */
const heard = async (chunks: readonly UIMessageChunk[]): Promise<readonly Part[]> => {
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      controller.enqueue({ type: "start", messageId: "m1" });
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.enqueue({ type: "finish" });
      controller.close();
    },
  });
  let parts: readonly Part[] = [];
  for await (const message of readUIMessageStream({ stream, terminateOnError: true })) parts = message.parts;
  return validParts(parts);
};

const sdkKeys: ReadonlySet<string> = new Set(["id", "providerMetadata", "preliminary"]);
/** Leaves out what the AI SDK adds to a part. */
const plain = (parts: readonly object[]): unknown =>
  JSON.parse(JSON.stringify(parts, (key, value) => (sdkKeys.has(key) ? undefined : value)));

const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

const promptOf = (recording: Recording, index = 0): string => recording.prompts[index] ?? "";

const expected = (recording: Recording, promptId: string): readonly object[] =>
  settledParts(resync(beginTurn(promptId), recording.final)[0]);

/**
 * Recordings with one prompt; the others are cut by prompt in tests of their own. Of a message that is nothing but a
 * step the SDK's reader says nothing.
 */
const single = [...recordings.values()].filter(({ name, prompts }) => prompts.length === 1 && name !== "empty");
test("every kind of stream is recorded", () => {
  expect([...recordings.keys()].toSorted()).toEqual(
    [
      "abortbash",
      "aborttext",
      "bigoutput",
      "broken",
      "cut",
      "cuts",
      "edit",
      "empty",
      "length",
      "limited",
      "marks",
      "nofinish",
      "parallel",
      "queued",
      "reasoning",
      "refused",
      "retry",
    ].concat(["revert", "signedout", "skewed", "storm", "text", "toolerror", "tools", "unauthorized", "unusable"]),
  );
});

describe.each(single.map((recording) => [recording.name, recording] as const))(
  "the recorded stream %s",
  (_name, recording) => {
    const promptId = promptOf(recording);

    const play = (
      act: (index: number, stored: StoredSession, state: TurnState) => "lose" | "repeat" | "cut" | "hear",
    ) => {
      const stored = new StoredSession();
      const chunks: UIMessageChunk[] = [];
      let state = beginTurn(promptId);
      let isCut = false;
      const take = ([next, said]: readonly [TurnState, readonly UIMessageChunk[]]) => {
        state = next;
        chunks.push(...said);
      };
      for (const [index, event] of recording.events.entries()) {
        stored.take(event);
        const action = act(index, stored, state);
        if (action === "cut" || action === "lose") {
          if (!isCut) state = markGap(state);
          isCut = true;
          if (action === "lose") continue;
        }
        if (isCut) {
          isCut = false;
          take(resync(state, stored.entries()));
        }
        take(reduceEvent(state, event));
        if (action === "repeat") take(reduceEvent(state, event));
      }
      take(resync(state, recording.final));
      take(endTurn(state));
      return { state, chunks };
    };

    test("settles as the session's stored messages say", () => {
      expect(plain(settledParts(play(() => "hear").state))).toEqual(plain(expected(recording, promptId)));
    });

    test("reads to the end as the settled message", async () => {
      const { chunks, state } = play(() => "hear");
      const parts = await heard(chunks);
      expect(plain(parts)).toEqual(plain(settledParts(state)));
    });

    test("loses and doubles nothing, whatever is lost, repeated or cut", async () => {
      const actions = fc.array(fc.constantFrom("lose", "repeat", "cut", "hear", "hear", "hear"), {
        minLength: recording.events.length,
        maxLength: recording.events.length,
      });
      await fc.assert(
        fc.asyncProperty(actions, async (plan) => {
          const { chunks, state } = play((index) => (plan[index] ?? "hear") as "hear");
          expect(plain(settledParts(state))).toEqual(plain(expected(recording, promptId)));
          const parts = await heard(chunks);
          expect(plain(parts)).toEqual(plain(settledParts(state)));
        }),
        // Every event is a chance to fail: a long stream needs fewer runs.
        { numRuns: Math.min(60, Math.ceil(2_400 / recording.events.length)) },
      );
    });

    test("keeps one text or reasoning part open at most, so that no client can mix them up", () => {
      let open: string | null = null;
      for (const chunk of play(() => "hear").chunks) {
        if (chunk.type === "text-start" || chunk.type === "reasoning-start") {
          expect(open).toBeNull();
          open = chunk.id;
        }
        if (chunk.type === "text-delta" || chunk.type === "reasoning-delta") expect(chunk.id).toBe(open);
        if (chunk.type === "text-end" || chunk.type === "reasoning-end") open = null;
      }
      expect(open).toBeNull();
    });
  },
);

describe("several prompts in one session", () => {
  test.each(["queued", "skewed"])("each turn of %s holds its own answer only", (name) => {
    const recording = recordingOf(name);
    for (const promptId of recording.prompts) {
      let state = beginTurn(promptId);
      for (const event of recording.events) [state] = reduceEvent(state, event);
      [state] = resync(state, recording.final);
      expect(state.log.messages).toHaveLength(1);
      expect(textOf(settledParts(state) as Part[])).toBe(
        "Hello there, this is a plain answer.\n\nWith a second paragraph and trailing space.  \n",
      );
    }
  });

  test("after a revert the session no longer holds what was taken back", () => {
    const recording = recordingOf("revert");
    expect(settledParts(resync(beginTurn(promptOf(recording, 1)), recording.final)[0])).toEqual([]);
    expect(settledParts(resync(beginTurn(promptOf(recording, 2)), recording.final)[0])).not.toEqual([]);
  });
});

describe("what the transcript tells", () => {
  const settled = (name: string) => expected(recordingOf(name), promptOf(recordingOf(name)));

  test("a written file comes with its lines, an edit with its diff", () => {
    expect(settled("tools")).toContainEqual(
      expect.objectContaining({
        toolName: "write",
        output: expect.objectContaining({
          title: "notes/hello.txt",
          files: [
            {
              path: "notes/hello.txt",
              additions: 3,
              deletions: 0,
              diff: "--- /dev/null\n+++ notes/hello.txt\n@@ -0,0 +1,3 @@\n+one\n+two\n+three\n",
            },
          ],
        }),
      }),
    );
    expect(settled("edit")).toContainEqual(
      expect.objectContaining({
        toolName: "edit",
        output: expect.objectContaining({
          files: [expect.objectContaining({ path: "notes/hello.txt", additions: 2, deletions: 1 })],
        }),
      }),
    );
  });

  test("a command's exit code and output are kept, whatever the code", () => {
    expect(settled("toolerror")).toContainEqual(
      expect.objectContaining({
        toolName: "bash",
        state: "output-available",
        output: expect.objectContaining({ text: "before\n", exitCode: 3 }),
      }),
    );
  });

  test("a call that OpenCode cannot carry out is an error of the tool the model named", () => {
    expect(settled("toolerror")).toContainEqual(
      expect.objectContaining({ toolName: "nosuchtool", state: "output-error" }),
    );
    expect(settled("toolerror")).toContainEqual(
      expect.objectContaining({ toolName: "read", errorText: "File not found: /workspace/no/such/file.txt" }),
    );
  });

  test("a long output says that it was cut", () => {
    expect(settled("marks")).toContainEqual(
      expect.objectContaining({ toolName: "glob", output: expect.objectContaining({ isTruncated: true }) }),
    );
  });

  test("an interrupted command keeps what it printed", () => {
    expect(settled("abortbash")).toContainEqual(
      expect.objectContaining({ toolName: "bash", output: expect.objectContaining({ text: "started\n" }) }),
    );
  });

  test("output that grows is told while it grows", () => {
    const recording = recordingOf("tools");
    let state = beginTurn(promptOf(recording));
    const soFar: string[] = [];
    for (const event of recording.events) {
      const [next, chunks] = reduceEvent(state, event);
      state = next;
      for (const chunk of chunks) {
        if (chunk.type === "tool-output-available" && chunk.preliminary === true) {
          soFar.push((chunk.output as { text: string }).text);
        }
      }
    }
    expect(soFar).toContain("line 1\n");
    expect(soFar).toContain("line 1\nline 2\n");
  });
});
