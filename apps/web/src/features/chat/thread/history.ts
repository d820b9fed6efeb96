import { fillPath, workerApi } from "@threadbox/contracts/worker-api";
import { readWireFailure } from "../../errors/index.ts";
import type { ChatMessage } from "./message-view.ts";

const isMessage = (value: unknown): value is ChatMessage =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "id") === "string" &&
  typeof Reflect.get(value, "role") === "string" &&
  Array.isArray(Reflect.get(value, "parts"));

/**
 * The thread's transcript and what waits in its queue. Throws a `WireFailure` where the server refuses, and what
 * `fetch` throws where it cannot be reached.
 */
export const fetchHistory = async (
  workerUrl: string,
  threadId: string,
  token: string,
  signal?: AbortSignal,
): Promise<ChatMessage[]> => {
  const url = new URL(`${workerUrl}${fillPath(workerApi.transcript.path, { threadId })}`);
  url.searchParams.set("token", token);
  const response = await fetch(url, { cache: "no-store", ...(signal === undefined ? {} : { signal }) });
  if (!response.ok) throw await readWireFailure(response);
  const text = await response.text();
  const messages: unknown = text.trim() === "" ? [] : JSON.parse(text);
  return Array.isArray(messages) ? messages.filter(isMessage) : [];
};
