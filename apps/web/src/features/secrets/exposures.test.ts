import { MessageId, ThreadId } from "@threadbox/contracts/ids";
import type { SecretExposure } from "@threadbox/contracts/secrets";
import { expect, test } from "vitest";
import { doingText, exposuresCsv, wayText } from "./exposures.ts";

const way: SecretExposure = {
  version: 2,
  kind: "egress",
  threadId: ThreadId.make("abcd0123456789wxyz"),
  host: "api.test",
  firstAt: 0,
  lastAt: 1_000,
  uses: [],
};

test("a way is told by who took it and where it led", () => {
  expect(wayText(way)).toBe("Requests → api.test");
  expect(wayText({ ...way, kind: "gateway", host: "model.test" })).toBe("Model gateway → model.test");
  expect(wayText({ ...way, kind: "sandbox", host: null })).toBe("Sandbox");
});

test("what had it is told by its message, and by its tool call where one ran", () => {
  const use = { messageId: MessageId.make("answer_0123456789"), callId: null, tool: null, firstAt: 0, lastAt: 1_000 };
  expect(doingText(use)).toBe("message answ…6789");
  expect(doingText({ ...use, callId: "call_0123456789", tool: "bash" })).toBe("bash call…6789 in message answ…6789");
});

test("all ways are kept as a table without a formula, a row for each message and tool call", () => {
  const messageId = MessageId.make("answer_0123456789");
  const use = { messageId, callId: "call_1", tool: "=bash", firstAt: 0, lastAt: 1_000 };
  expect(
    exposuresCsv([
      { ...way, uses: [use] },
      { ...way, kind: "sandbox", host: null },
    ]),
  ).toBe(
    "version,kind,threadId,host,messageId,tool,callId,firstAt,lastAt\r\n" +
      "2,egress,abcd0123456789wxyz,api.test,answer_0123456789,'=bash,call_1,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z\r\n" +
      "2,sandbox,abcd0123456789wxyz,,,,,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z\r\n",
  );
});
