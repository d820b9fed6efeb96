import { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Http2Bindings, type HttpBindings, serve } from "@hono/node-server";

/** How long a client may take before the server turns to others, in milliseconds. */
export interface Patience {
  /** From the connection, or from the last answer on it, to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** Without a byte in either direction, say from a client that does not read its answer. */
  readonly silenceMs: number;
  /** Between two looks at who took too long. */
  readonly checkEveryMs: number;
}

/** Requests here are an address and some headers, or a small call: seconds are plenty, on a bad line too. */
const patience: Patience = { headersMs: 10_000, requestMs: 15_000, silenceMs: 30_000, checkEveryMs: 1_000 };

/** How long a refused client has for reading its answer while it may still be writing, in milliseconds. */
const lingerMs = 500;

/**
 * An answer before the whole request has come ends the connection, a moment after it is complete: closing a connection
 * on which words are still under way resets it, and the answer may be lost with it.
 */
const lastAnswer = async (response: Response): Promise<Response> => {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  headers.set("content-length", String(bytes.byteLength));
  const gone = new AbortController();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    pull: async (controller) => {
      await delay(lingerMs, undefined, { signal: gone.signal });
      controller.close();
    },
    cancel: () => gone.abort(),
  });
  return new Response(body, { status: response.status, headers });
};

/**
 * A view's page can set cookies for the domain that it shares with the app: a browser keeps up to 180 of 4 KiB. They mean
 * nothing here, but the request that carries them has to be read before it can be answered.
 */
const headersBytesMax = 1024 * 1024;

export interface ListenOptions {
  readonly port: number;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly onListening: (port: number) => void;
  readonly patience?: Patience;
}

/** Serves on 127.0.0.1. Whoever is answered before the whole request has come is not read any further. */
export const listen = ({ port, fetch, onListening, patience: limits = patience }: ListenOptions): Server => {
  const server = serve(
    {
      hostname: "127.0.0.1",
      port,
      serverOptions: {
        maxHeaderSize: headersBytesMax,
        headersTimeout: limits.headersMs,
        requestTimeout: limits.requestMs,
        connectionsCheckingInterval: limits.checkEveryMs,
      },
      fetch: async (request: Request, { incoming }: HttpBindings | Http2Bindings) => {
        const response = await fetch(request);
        return incoming.complete ? response : await lastAnswer(response);
      },
    },
    (address) => onListening(address.port),
  );
  if (!(server instanceof Server)) throw new Error("The server speaks something else than HTTP/1.1.");
  server.timeout = limits.silenceMs;
  return server;
};
