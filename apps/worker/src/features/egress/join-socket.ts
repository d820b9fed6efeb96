import { closeCode } from "@threadbox/contracts/errors";
import type { HeldUse } from "../secrets/index.ts";
import { redactBytes, redactText } from "./redact.ts";

/** Codes that a program may close with; the others are the protocol's own. */
const sendable = (code: number): boolean => code === 1000 || (code >= 3000 && code <= 4999);

type Message = string | ArrayBuffer;

const without = (message: Message, hidden: readonly string[]): Message => {
  if (typeof message === "string") return redactText(message, hidden);
  redactBytes(new Uint8Array(message), hidden);
  return message;
};

/** Carries one side's messages to the other, and its end. */
const carry = (from: WebSocket, to: WebSocket, change: (message: Message) => Message): void => {
  const close = (code: number, reason: string) => {
    for (const socket of [from, to]) if (socket.readyState < WebSocket.CLOSING) socket.close(code, reason);
  };
  from.addEventListener("message", ({ data }) => {
    if (to.readyState === WebSocket.OPEN) to.send(change(data as Message));
  });
  from.addEventListener("close", ({ code, reason }) => close(sendable(code) ? code : closeCode.upstream, reason));
  from.addEventListener("error", () => close(closeCode.upstream, ""));
};

/**
 * The answer to a program's handshake: its messages go to the host as they are, the host's come without these texts. Both
 * sides are closed when a secret that opened them ends.
 */
export const joinSocket = (
  { headers }: Response,
  upstream: WebSocket,
  hidden: readonly string[],
  uses: readonly HeldUse[],
): Response => {
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  for (const socket of [upstream, server]) {
    socket.binaryType = "arraybuffer";
    socket.accept();
  }
  for (const { ended, release } of uses) {
    upstream.addEventListener("close", release);
    ended.addEventListener("abort", () => {
      for (const socket of [upstream, server]) socket.close(closeCode.upstream, "The secret has been revoked.");
      release();
    });
  }
  carry(upstream, server, (message) => without(message, hidden));
  carry(server, upstream, (message) => message);
  const protocol = headers.get("sec-websocket-protocol");
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: protocol === null ? {} : { "sec-websocket-protocol": protocol },
  });
};
