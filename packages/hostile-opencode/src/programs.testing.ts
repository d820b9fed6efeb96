import type { ServerResponse } from "node:http";

export interface Prompted {
  readonly sessionId: string;
  readonly promptId: string;
  /** How many pieces came before. */
  readonly count: number;
}

const eventOf = (type: string, properties: object): string => `data: ${JSON.stringify({ type, properties })}\n\n`;

const answerId = "msg_hostile";

const messageOf = ({ sessionId, promptId }: Prompted): string =>
  eventOf("message.updated", {
    sessionID: sessionId,
    info: { id: answerId, role: "assistant", parentID: promptId, time: { created: 2 } },
  });

const partOf = ({ sessionId }: Prompted, id: string, text: string): string =>
  eventOf("message.part.updated", {
    sessionID: sessionId,
    part: { id, messageID: answerId, type: "text", text, time: { start: 1, end: 2 } },
  });

const outputOf = ({ sessionId, count }: Prompted, output: string): string =>
  eventOf("message.part.updated", {
    sessionID: sessionId,
    part: {
      id: `prt_${count}`,
      messageID: answerId,
      type: "tool",
      tool: "bash",
      callID: `call_${count}`,
      state: { status: "completed", input: { command: "yes" }, output, time: { start: 1, end: 2 } },
    },
  });

/** What a hostile program writes into the stream of events, piece by piece, and never ends. */
export const programs: Readonly<Record<string, (prompted: Prompted) => string>> = {
  "a line without an end": ({ count }) => `${count === 0 ? "data: " : ""}${"x".repeat(64 * 1024)}`,
  "a flood of events": () => eventOf("server.heartbeat", {}).repeat(500),
  "JSON nested 100,000 deep": () => `data: {"type":"session.error","properties":${"[".repeat(100_000)}}\n\n`,
  "thousands of parts": (prompted) =>
    messageOf(prompted) +
    Array.from({ length: 100 }, (_, part) => partOf(prompted, `prt_${prompted.count}_${part}`, "x")).join(""),
  "parts of many megabytes": (prompted) =>
    messageOf(prompted) + partOf(prompted, `prt_${prompted.count}`, "x".repeat(3 * 1024 * 1024)),
  "outputs of many megabytes": (prompted) => messageOf(prompted) + outputOf(prompted, "x".repeat(3.9 * 1024 * 1024)),
};

export const onceDrained = (stream: ServerResponse): Promise<void> =>
  new Promise((done) => {
    stream.once("drain", done);
    stream.once("close", done);
  });
