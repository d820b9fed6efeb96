import type { IncomingMessage } from "node:http";

/** A call of the chat completions, as far as an answer can depend on it. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly unknown[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

const isChatRequest = (body: unknown): body is ChatRequest =>
  typeof body === "object" &&
  body !== null &&
  "messages" in body &&
  Array.isArray(body.messages) &&
  "model" in body &&
  typeof body.model === "string";

/** Reads a call; undefined for a body that a provider would refuse. */
export const readChatRequest = async (request: IncomingMessage): Promise<ChatRequest | undefined> => {
  const bytes: Buffer[] = [];
  for await (const piece of request) bytes.push(piece as Buffer);
  try {
    const body: unknown = JSON.parse(Buffer.concat(bytes).toString("utf8"));
    return isChatRequest(body) ? body : undefined;
  } catch {
    return undefined;
  }
};

const textOf = (content: unknown): string => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: { readonly text?: string }) => part.text ?? "").join("");
};

/** The text of the last message of the user's. */
export const promptOf = ({ messages }: ChatRequest): string =>
  textOf(messages.findLast(({ role }) => role === "user")?.content);

/** OpenCode asks for a thread's title without tools; that call quotes the prompt and is not to be mistaken for it. */
export const isForTitle = ({ stream, tools = [] }: ChatRequest): boolean => stream === true && tools.length === 0;
