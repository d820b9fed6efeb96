import { ExportedMessageRepository } from "@assistant-ui/react";
import type { Fork } from "@threadbox/contracts/live";
import { attachedIn } from "../../attachments/index.ts";
import { type ChatMessage, textOf } from "../thread/message-view.ts";
import type { LiveThread } from "../thread/use-live-thread.ts";

type Item = ExportedMessageRepository["messages"][number];
type Stored = Item["message"];

/** A message as far as something can be done with it: the user's own can be edited, so they have text and files. */
const store = ({ id, role, parts }: Pick<ChatMessage, "id" | "role" | "parts">): Stored => {
  const isUsers = role === "user";
  const files = isUsers ? attachedIn(parts) : [];
  const attachments = files.map(({ url, filename }) => ({
    id: url,
    type: "file" as const,
    name: filename,
    status: { type: "complete" as const },
    content: [],
  }));
  const message = { id, role, content: isUsers ? textOf({ parts }) : "", ...(isUsers ? { attachments } : {}) };
  const [item] = ExportedMessageRepository.fromBranchableArray([{ message, parentId: null }]).messages;
  if (item === undefined) throw new Error("A message became none.");
  return item.message;
};

const emptyMessage = (id: string, role: ChatMessage["role"]) => ({ id, role, parts: [] });

/** The words that make a message another one here: those of an answer don't, so nothing is told while it's written. */
const contentOf = (message: ChatMessage): string =>
  message.role === "user" ? JSON.stringify([textOf(message), attachedIn(message.parts)]) : message.role;

/**
 * Puts the messages that are drawn, and the other versions of each, into the shape of assistant-ui's repository: one line, from which
 * versions branch off as empty messages. The repository keeps versions in the order in which it first heard of them, so those of one
 * message hang on a mark that is named by all of them: another version makes another mark, and all are told anew.
 */
const repositoryOf = (
  drawn: readonly ChatMessage[],
  forks: readonly Fork[],
  stored: (message: Pick<ChatMessage, "id" | "role" | "parts">) => Stored,
): ExportedMessageRepository => {
  const messages: Item[] = [];
  let parentId: string | null = null;
  for (const shown of drawn) {
    const siblings = forks.find(({ messageId }) => messageId === shown.id)?.siblings ?? [];
    if (siblings.length > 1) {
      const mark = emptyMessage(`versions ${siblings.join(" ")}`, "system");
      messages.push({ message: stored(mark), parentId });
      parentId = mark.id;
      for (const id of siblings)
        messages.push({ message: stored(id === shown.id ? shown : emptyMessage(id, shown.role)), parentId });
    } else messages.push({ message: stored(shown), parentId });
    parentId = shown.id;
  }
  return { headId: parentId, messages };
};

/**
 * Reads what assistant-ui's runtime is told of a thread: these of its messages. Answers with the very same object until a message comes
 * or goes, another version is there, or a text of the user's has changed.
 */
export const repositoryReader = (ids: readonly string[]): ((thread: LiveThread) => ExportedMessageRepository) => {
  const known = new Map<string, { readonly content: string; readonly stored: Stored }>();
  const stored = (message: Pick<ChatMessage, "id" | "role" | "parts">): Stored => {
    const content = contentOf(message);
    const before = known.get(message.id);
    if (before?.content === content) return before.stored;
    const now = store(message);
    known.set(message.id, { content, stored: now });
    return now;
  };
  const isDrawn = new Set(ids);
  let last: { readonly key: string; readonly repository: ExportedMessageRepository } | null = null;
  return ({ messages, forks }) => {
    const drawn = messages.filter(({ id }) => isDrawn.has(id));
    const key = JSON.stringify([drawn.map((message) => [message.id, contentOf(message)]), forks]);
    if (last?.key !== key) last = { key, repository: repositoryOf(drawn, forks, stored) };
    return last.repository;
  };
};
