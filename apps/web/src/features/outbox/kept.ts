import type { OutgoingMessage } from "./outgoing.ts";

const readMessage = (value: unknown): OutgoingMessage | null => {
  if (typeof value !== "object" || value === null) return null;
  const field = (name: string): unknown => Reflect.get(value, name);
  const [id, text, createdAt, siblingOf] = ["id", "text", "createdAt", "siblingOf"].map(field);
  if (typeof id !== "string" || id === "" || typeof text !== "string" || typeof createdAt !== "number") return null;
  const attached = field("attached");
  const message = {
    id,
    text,
    createdAt,
    state: "waiting",
    // Enough of a file to be shown or left out; the rest is looked at where the file is used.
    ...(Array.isArray(attached) ? { attached: attached.filter((part) => part?.type === "file") } : {}),
  } as const;
  return typeof siblingOf === "string" ? { ...message, siblingOf } : message;
};

/** The messages in what a device kept, ready to be sent. It may be of another version, or of anybody's tools. */
export const readOutgoing = (value: unknown): readonly OutgoingMessage[] =>
  Array.isArray(value) ? value.map(readMessage).filter((message) => message !== null) : [];

/** The draft in what a device kept. */
export const readDraft = (value: unknown): string => (typeof value === "string" ? value : "");

/** What of a kept draft can be read; the very value where that is all of it. */
export const readableDraft = (value: unknown): unknown => (typeof value === "string" ? value : undefined);

/** The same of kept messages. */
export const readableMessages = (value: unknown): unknown => {
  const rest = readOutgoing(value);
  if (Array.isArray(value) && rest.length === value.length) return value;
  return rest.length === 0 ? undefined : rest;
};
