import type { Fork } from "@threadbox/contracts/live";
import { expect, test } from "vitest";
import type { ChatMessage } from "../thread/message-view.ts";
import type { LiveThread } from "../thread/use-live-thread.ts";
import { repositoryReader } from "./message-repository.ts";

const user = (id: string, text: string): ChatMessage => ({ id, role: "user", parts: [{ type: "text", text }] });
const answer = (id: string, text: string): ChatMessage => ({ id, role: "assistant", parts: [{ type: "text", text }] });
const thread = (messages: readonly ChatMessage[], forks: readonly unknown[] = []): LiveThread =>
  ({ messages, forks: forks as readonly Fork[] }) as LiveThread;

const lines = (read: ReturnType<typeof repositoryReader>, of: LiveThread) =>
  read(of).messages.map(({ message, parentId }) => `${parentId ?? "-"} > ${message.id}`);

test("only messages that are drawn are told, as one line", () => {
  const messages = [user("u1", "a"), answer("a1", "b"), user("u2", "c"), answer("a2", "d")];
  const read = repositoryReader(["a1", "a2"]);
  expect(lines(read, thread(messages))).toEqual(["- > a1", "a1 > a2"]);
  expect(read(thread(messages)).headId).toBe("a2");
});

test("versions of a message stand beside each other, oldest first, whichever is shown", () => {
  const forks = [{ messageId: "u2", siblings: ["u2", "u3"] }];
  const messages = [user("u1", "a"), user("u2", "c"), answer("a2", "d")];
  const told = lines(repositoryReader(["u1", "u2", "a2"]), thread(messages, forks));
  const mark = "versions u2 u3";
  expect(told).toEqual(["- > u1", `u1 > ${mark}`, `${mark} > u2`, `${mark} > u3`, "u2 > a2"]);
});

test("another version hangs all of them on another mark, so that their order is told anew", () => {
  const read = repositoryReader(["u2"]);
  const two = lines(read, thread([user("u2", "c")], [{ messageId: "u2", siblings: ["u1", "u2"] }]));
  const three = lines(read, thread([user("u2", "c")], [{ messageId: "u2", siblings: ["u0", "u1", "u2"] }]));
  expect(two.slice(1)).toEqual(["versions u1 u2 > u1", "versions u1 u2 > u2"]);
  expect(three.slice(1)).toEqual(["versions u0 u1 u2 > u0", "versions u0 u1 u2 > u1", "versions u0 u1 u2 > u2"]);
});

test("words that arrive in an answer tell nothing new; another text of the user's does", () => {
  const read = repositoryReader(["u1", "a1"]);
  const first = read(thread([user("u1", "a"), answer("a1", "b")]));
  expect(read(thread([user("u1", "a"), answer("a1", "b and more")]))).toBe(first);
  const changed = read(thread([user("u1", "other"), answer("a1", "b and more")]));
  expect(changed).not.toBe(first);
  expect(changed.messages[1]?.message).toBe(first.messages[1]?.message);
});

test("a user's message can be edited with its text and its files", () => {
  const file = {
    type: "file",
    mediaType: "text/plain",
    filename: "a.txt",
    url: "workspace:///uploads/a.txt",
    providerMetadata: { threadbox: { sizeBytes: 1 } },
  } as const;
  const message: ChatMessage = { id: "u1", role: "user", parts: [{ type: "text", text: "look" }, file] };
  const stored = repositoryReader(["u1"])(thread([message])).messages[0]?.message;
  expect(stored?.content).toEqual([{ type: "text", text: "look" }]);
  expect(stored?.attachments?.map(({ name }) => name)).toEqual(["a.txt"]);
});
