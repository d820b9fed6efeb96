import { once } from "node:events";
import { WebSocket } from "ws";

export interface EchoObservation {
  readonly latenciesMs: readonly number[];
  readonly faults: { readonly "lost messages": number; readonly "wrong bytes": number };
}

/** Sends text over one WebSocket again and again, each time after the echo of the one before. */
export const echoOver = async (
  door: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  plan: { readonly messages: number; readonly text: string },
): Promise<EchoObservation> => {
  const socket = new WebSocket(door.url.replace(/^http/, "ws"), { headers: door.headers, perMessageDeflate: false });
  await once(socket, "open");
  const latenciesMs: number[] = [];
  let wrong = 0;
  const closed = new Promise<undefined>((resolve) => socket.once("close", () => resolve(undefined)));
  try {
    for (let sent = 0; sent < plan.messages; sent++) {
      const text = `${sent} ${plan.text}`;
      const answer = new Promise<string>((resolve) => socket.once("message", (data) => resolve(String(data))));
      const startedAt = performance.now();
      socket.send(text);
      const said = await Promise.race([answer, closed]);
      if (said === undefined) break;
      latenciesMs.push(performance.now() - startedAt);
      if (said !== text) wrong++;
    }
  } finally {
    socket.close();
  }
  return { latenciesMs, faults: { "lost messages": plan.messages - latenciesMs.length, "wrong bytes": wrong } };
};
