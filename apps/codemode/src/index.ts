import { codemodeApi } from "@threadbox/contracts/codemode";
import { isWorker, type MachineEnv } from "./config.ts";
import { serveRun } from "./serve-run.ts";

const plain = (status: number, text: string) => new Response(text, { status });

/** The machine that runs programs: its health for whoever watches it, and runs for the worker. */
export default {
  fetch: (request, env, context) => {
    const { pathname } = new URL(request.url);
    if (pathname === codemodeApi.healthPath) return Response.json({ status: "ok" });
    if (!isWorker(request, env)) return plain(401, "Not for you.");
    if (pathname !== codemodeApi.runPath) return plain(404, "There is nothing here.");
    if (request.headers.get("upgrade") !== "websocket") return plain(426, "A run is a WebSocket.");
    const [ours, theirs] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    ours.accept();
    context.waitUntil(serveRun(ours, env.LOADER));
    return new Response(null, { status: 101, webSocket: theirs });
  },
} satisfies ExportedHandler<MachineEnv>;
