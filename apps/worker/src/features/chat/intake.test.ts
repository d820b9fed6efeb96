import { MessageId } from "@threadbox/contracts/ids";
import { userTextBytesMax } from "@threadbox/contracts/limits";
import { queuedMessagesMax } from "@threadbox/contracts/live";
import { describe, expect, test } from "vitest";
import type { ChatSubmission } from "./frames.ts";
import { decideIntake, type ThreadFacts } from "./intake.ts";

const id = (text: string) => MessageId.make(text);
const file = {
  type: "file",
  mediaType: "image/png",
  filename: "a.png",
  url: "workspace:///uploads/a.png",
  providerMetadata: { threadbox: { sizeBytes: 3 } },
} as const;

/** A thread with the message `old` (text "old"), its answer `answer`, and what the case adds. */
const thread = (more: { isBusy?: boolean; queued?: readonly string[] } = {}): ThreadFacts => {
  const queued = (more.queued ?? []).map(id);
  return {
    isBusy: more.isBusy ?? queued.length > 0,
    queuedIds: queued,
    findAsked: (wanted) => {
      if (wanted === "old") return { text: "old", attachments: [file] };
      return queued.includes(wanted) ? { text: `text of ${wanted}`, attachments: [] } : null;
    },
    has: (wanted) => wanted === "old" || wanted === "answer",
  };
};

const submission = (messageId: string, text: string, more: Partial<ChatSubmission> = {}): ChatSubmission => ({
  requestId: "r1",
  trigger: "submit-message",
  messageId: id(messageId),
  text,
  attachments: [],
  siblingOf: null,
  ...more,
});

describe("a message that arrives", () => {
  test("becomes a turn after everything the thread holds, whatever the client believed to be its end", () => {
    expect(decideIntake(submission("new", "hello"), thread())).toEqual({
      kind: "turn",
      messageId: "new",
      text: "hello",
      attachments: [],
      siblingOf: null,
    });
  });

  test("brings its files along, and needs no words then", () => {
    expect(decideIntake(submission("new", "", { attachments: [file] }), thread())).toMatchObject({
      kind: "turn",
      text: "",
      attachments: [file],
    });
  });

  test("becomes a turn that waits while another runs", () => {
    expect(decideIntake(submission("new", "hello"), thread({ isBusy: true })).kind).toBe("turn");
  });

  test("that the thread knows already, in the transcript or waiting, is a repeat", () => {
    expect(decideIntake(submission("old", "old"), thread()).kind).toBe("repeat");
    expect(decideIntake(submission("q1", "text of q1"), thread({ queued: ["q1"] })).kind).toBe("repeat");
  });

  test("as another version of a message stands beside that one", () => {
    const edited = submission("new", "other", { siblingOf: id("old") });
    expect(decideIntake(edited, thread())).toMatchObject({ kind: "turn", messageId: "new", siblingOf: "old" });
  });

  test.each([
    ["has the id of an answer", submission("answer", "x"), thread(), "Conflict"],
    [
      "has the id of a message that waits, and another text",
      submission("q1", "x"),
      thread({ queued: ["q1"] }),
      "Conflict",
    ],
    [
      "is another version of what is not there",
      submission("new", "x", { siblingOf: id("gone") }),
      thread(),
      "Conflict",
    ],
    [
      "is another version of what still waits",
      submission("new", "x", { siblingOf: id("q1") }),
      thread({ queued: ["q1"] }),
      "Conflict",
    ],
    ["has the id of a message with another text", submission("old", "x"), thread(), "Conflict"],
    [
      "edits while a turn runs",
      submission("new", "x", { siblingOf: id("old") }),
      thread({ isBusy: true }),
      "AlreadyRunning",
    ],
    ["is blank", submission("new", " \n\t"), thread(), "ValidationError"],
    ["is one byte too long", submission("new", "x".repeat(userTextBytesMax + 1)), thread(), "BodyTooLarge"],
    [
      "counts as too long in bytes, not characters",
      submission("new", "ä".repeat(userTextBytesMax / 2 + 1)),
      thread(),
      "BodyTooLarge",
    ],
    [
      "comes after too many that wait",
      submission("new", "x"),
      thread({ queued: Array.from({ length: queuedMessagesMax }, (_, n) => `q${n}`) }),
      "RateLimited",
    ],
  ])("is refused where it %s", (_, given, facts, tag) => {
    expect(decideIntake(given, facts)).toMatchObject({ kind: "refuse", tag });
  });
});

describe("a request to answer anew", () => {
  const again = (messageId: string) =>
    submission(messageId, "what the client claims", { trigger: "regenerate-message" });

  test("takes the text and the files that the thread holds, not the client's", () => {
    expect(decideIntake(again("old"), thread())).toEqual({
      kind: "turn",
      messageId: "old",
      text: "old",
      attachments: [file],
      siblingOf: null,
    });
  });

  test.each([
    ["an unknown message", again("gone"), thread(), "Conflict"],
    ["a message that waits", again("q1"), thread({ queued: ["q1"] }), "Conflict"],
    ["a message while a turn runs", again("old"), thread({ isBusy: true }), "AlreadyRunning"],
  ])("is refused for %s", (_, given, facts, tag) => {
    expect(decideIntake(given, facts)).toMatchObject({ kind: "refuse", tag });
  });
});
