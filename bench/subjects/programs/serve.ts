import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { listenAndTell } from "../listen.ts";

/** One tool call, answered by whoever wants the program run. */
export type Call = (tool: string, input: unknown) => Promise<unknown>;

/** Runs a program, an async arrow function that calls `workspace.read`, to its result. */
export type RunProgram = (program: string, call: Call) => Promise<unknown>;

interface Frame {
  readonly type: "run" | "answer";
  readonly program?: string;
  readonly call?: number;
  readonly result?: unknown;
}

const serve = (socket: WebSocket, run: RunProgram): void => {
  const waiting = new Map<number, (result: unknown) => void>();
  let calls = 0;
  const call: Call = (tool, input) => {
    calls += 1;
    socket.send(JSON.stringify({ type: "call", call: calls, tool, input }));
    return new Promise((resolve) => waiting.set(calls, resolve));
  };
  const end = (frame: object) => {
    socket.send(JSON.stringify(frame));
    socket.close(1000);
  };
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.type === "answer") {
      waiting.get(frame.call ?? 0)?.(frame.result);
      waiting.delete(frame.call ?? 0);
      return;
    }
    run(frame.program ?? "", call).then(
      (result) => end({ type: "returned", result, logs: [] }),
      (error: unknown) => end({ type: "threw", error: String(error), logs: [] }),
    );
  });
};

/** Serves runs in the frames of the product's machine, and tells where. */
export const servePrograms = async (run: RunProgram): Promise<void> => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => serve(socket, run));
  await listenAndTell(server);
};
