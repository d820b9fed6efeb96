import { createServer, type ServerResponse } from "node:http";
import { onceDrained, programs } from "./programs.testing.ts";

/**
 * A program in OpenCode's place. It takes over the port on which OpenCode listens (the socket is its file 3), answers
 * every call as OpenCode would, and once it is prompted it writes without end into the stream of events. Run as
 * `node main.testing.ts NAME`.
 */
const program = programs[process.argv[2] ?? ""];
if (program === undefined) throw new Error(`There is no program ${process.argv[2]}.`);

const streams = new Set<ServerResponse>();
let prompted: { readonly sessionId: string; readonly promptId: string } | null = null;

const write = async (stream: ServerResponse): Promise<void> => {
  for (let count = 0; prompted !== null && streams.has(stream); count++) {
    if (!stream.write(program({ ...prompted, count }))) await onceDrained(stream);
  }
};

const textOf = async (request: AsyncIterable<Buffer>): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://opencode");
  const [, sessionId = "", verb = ""] = /^\/session\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
  const body = await textOf(request);
  const answer = (value: unknown) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  if (pathname === "/event") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"type":"server.connected","properties":{}}\n\n');
    streams.add(response);
    response.on("close", () => streams.delete(response));
    if (prompted !== null) void write(response);
    return;
  }
  if (verb === "prompt_async") {
    prompted = { sessionId, promptId: (JSON.parse(body) as { messageID: string }).messageID };
    response.writeHead(204).end();
    for (const stream of streams) void write(stream);
    return;
  }
  // Asked to stop it says nothing at all.
  if (verb === "abort") return;
  if (pathname === "/session/status")
    return answer(prompted === null ? {} : { [prompted.sessionId]: { type: "busy" } });
  if (verb === "message") return answer([]);
  answer(pathname.startsWith("/session") ? { id: sessionId || "ses_hostile" } : { healthy: true });
});

server.listen({ fd: 3 }, () => console.log("hostile"));
