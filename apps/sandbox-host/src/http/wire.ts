import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type ErrorTag, errorTable, wireErrorBody } from "@threadbox/contracts/errors";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { HostError } from "../errors.ts";

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `Retry-After` in seconds where the refusal does not bring its own. */
const retryAfter: Partial<Record<ErrorTag, number>> = { SandboxUnavailable: 5, SandboxStarting: 1 };

export const wireAnswer = (tag: ErrorTag, message: string, retryAfterSeconds = retryAfter[tag]): WireAnswer => {
  const requestId = randomUUID();
  return {
    status: errorTable[tag].status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": requestId,
      [sandboxHostApi.refusalHeader]: "1",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify(wireErrorBody(tag, message, requestId)),
  };
};

/** Anything but a `HostError` leaves as an opaque internal error. */
export const wireAnswerOf = (error: unknown): WireAnswer =>
  error instanceof HostError
    ? wireAnswer(error.tag, error.message, error.retryAfterSeconds)
    : wireAnswer("Internal", "The sandbox host failed to handle the request.");

/** Sends the answer, or cuts the connection when an answer has already begun. */
export const sendWireAnswer = (response: ServerResponse, answer: WireAnswer): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
};

/** The same on a bare connection, for CONNECT and WebSocket handshakes. */
export const writeWireAnswer = (socket: Duplex, answer: WireAnswer): void => {
  const head = Object.entries({ ...answer.headers, "content-length": String(Buffer.byteLength(answer.body)) })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  socket.end(`HTTP/1.1 ${answer.status} ${answer.status}\r\nconnection: close\r\n${head}\r\n${answer.body}`);
};
