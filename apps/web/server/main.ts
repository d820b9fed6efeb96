/** The web server as a Node process: the files of the build, and the app for everything else. */
import { join } from "node:path";
import type { App } from "./app.ts";
import { ConfigError, decodePort, decodeWebConfig } from "./config.ts";
import { listen } from "./listen.ts";
import { logLine } from "./log.ts";
import { openStatics } from "./statics.ts";

const dist = join(import.meta.dirname, "..", "dist");

const loadApp = async (): Promise<App> => (await import(join(dist, "server", "server.js"))).default;

/** Pages are small and say nothing secret, so they are compressed as they are made. */
const compressed = (request: Request, response: Response): Response => {
  const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
  const isTaken = request.headers.get("accept-encoding")?.includes("gzip") === true;
  if (!isPage || !isTaken || response.body === null) return response;
  const headers = new Headers(response.headers);
  headers.set("content-encoding", "gzip");
  headers.set("vary", "accept-encoding");
  headers.delete("content-length");
  return new Response(response.body.pipeThrough(new CompressionStream("gzip")), { status: response.status, headers });
};

const start = async (environment: NodeJS.ProcessEnv) => {
  const config = decodeWebConfig(environment);
  const port = decodePort(environment);
  const [app, files] = await Promise.all([loadApp(), openStatics(join(dist, "client"), config.page)]);
  const server = listen({
    port,
    fetch: async (request) => (await files(request)) ?? compressed(request, await app.fetch(request, { config })),
    onListening: (listeningPort) => logLine("web.started", { port: listeningPort, origin: config.appOrigin }),
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    const code = error.code ?? "unknown";
    // Once it listens, an error is a connection that could not be taken, and no reason to end.
    if (server.listening) return logLine("web.connection_not_taken", { code });
    logLine("web.failed_to_listen", { port, code });
    process.exit(1);
  });
  const stop = () => server.close(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
};

try {
  await start(process.env);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}
