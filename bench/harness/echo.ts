import { once } from "node:events";
import { openSocket } from "./open-socket.ts";

export interface EchoObservation {
  readonly latenciesMs: readonly number[];
  readonly faults: { readonly "lost messages": number; readonly "wrong bytes": number };
}

/** Sends text over one WebSocket again and again, each time after the echo of the one before. */
export const echoOver = async (
  door: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  plan: { readonly messages: number; readonly text: string },
): Promise<EchoObservation> => {
  const socket = openSocket(door.url, door.headers);
  const latenciesMs: number[] = [];
  let wrong = 0;
  try {
    await Promise.race([
      once(socket, "open"),
      once(socket, "error").then(() => Promise.reject(new Error(`No WebSocket at ${door.url}`))),
    ]);
    const closed = once(socket, "close").then(() => undefined);
    for (let sent = 0; sent < plan.messages; sent++) {
      const text = `${sent} ${plan.text}`;
      const answer = once(socket, "message");
      const startedAt = performance.now();
      socket.send(text);
      const [event] = ((await Promise.race([answer, closed])) ?? []) as [MessageEvent<unknown>?];
      if (event === undefined) break;
      latenciesMs.push(performance.now() - startedAt);
      if (event.data !== text) wrong++;
    }
  } finally {
    socket.close();
  }
  return { latenciesMs, faults: { "lost messages": plan.messages - latenciesMs.length, "wrong bytes": wrong } };
};
