/** The web server as a Cloudflare Worker: the same app and headers as `main.ts`, with the platform serving the files. */
// @ts-expect-error The build makes this module, and it has no types; `App` states what it is.
import built from "../dist/server/server.js";
import type { App } from "./app.ts";
import { decodeWebConfig, type WebConfig } from "./config.ts";
import { baseHeaders, fileCacheControl } from "./headers.ts";

interface Bindings {
  readonly ASSETS: { readonly fetch: (request: Request) => Promise<Response> };
  readonly [key: string]: unknown;
}

const app: App = built;

/** One per isolate: bindings do not change while it lives. */
let decoded: WebConfig | undefined;

const configOf = (bindings: Bindings): WebConfig => {
  decoded ??= decodeWebConfig(
    Object.fromEntries(
      Object.entries(bindings).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    ),
  );
  return decoded;
};

/** Files of the build have an extension or a hash; pages have neither. */
const isFilePath = (pathname: string): boolean => /\.[a-z0-9]+$/.test(pathname);

const serveFile = async (request: Request, bindings: Bindings, config: WebConfig): Promise<Response | null> => {
  const { pathname } = new URL(request.url);
  if ((request.method !== "GET" && request.method !== "HEAD") || !isFilePath(pathname)) return null;
  const file = await bindings.ASSETS.fetch(request);
  if (file.status === 404) return null;
  const headers = new Headers(file.headers);
  for (const [name, value] of Object.entries(baseHeaders(config.page))) headers.set(name, value);
  headers.set("cache-control", fileCacheControl(pathname));
  return new Response(file.body, { status: file.status, headers });
};

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const config = configOf(bindings);
    return (await serveFile(request, bindings, config)) ?? (await app.fetch(request, { config }));
  },
};
