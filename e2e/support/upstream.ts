import { createServer } from "node:http";
import { upstream } from "./addresses.ts";

/** A host on the internet, as sandboxes of the first installation see it: in a tunnel, so that it needs no certificate. */
export interface Upstream {
  /** Answers `hello-from-upstream`. */
  readonly url: string;
  /** Begins to answer and never ends. */
  readonly streamUrl: string;
  /** Settles when somebody is being answered without end. */
  readonly isStreaming: Promise<void>;
  /** Settles when that connection has ended. */
  readonly hasEnded: Promise<void>;
  readonly stop: () => Promise<void>;
}

export const startUpstream = async (): Promise<Upstream> => {
  const streaming = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (request.url !== "/stream") {
      response.end("hello-from-upstream\n");
      return;
    }
    response.on("close", ended.resolve);
    response.write("it-streams\n", () => streaming.resolve());
  });
  await new Promise<void>((resolve) => server.listen(upstream.port, "127.0.0.1", resolve));
  const url = `http://${upstream.host}:443/`;
  return {
    url,
    streamUrl: `${url}stream`,
    isStreaming: streaming.promise,
    hasEnded: ended.promise,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
