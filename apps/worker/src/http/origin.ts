import { archiveHeaders } from "@threadbox/contracts/files";
import { RequestRefusedError } from "./failure.ts";

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export interface OriginFacts {
  readonly method: string;
  readonly isWebSocket: boolean;
  /** The `Origin` header, null where absent. */
  readonly origin: string | null;
  /** The `Sec-Fetch-Mode` header, null where absent. */
  readonly fetchMode: string | null;
}

export const originFactsOf = (request: Request): OriginFacts => ({
  method: request.method,
  isWebSocket: request.headers.get("upgrade")?.toLowerCase() === "websocket",
  origin: request.headers.get("origin"),
  fetchMode: request.headers.get("sec-fetch-mode"),
});

/**
 * Whether a browser may make this request. A WebSocket has no CORS, so it must name the app's origin. Elsewhere a
 * missing origin means no browser, and the token alone decides; a foreign one is refused, as is a form-like `no-cors`
 * request that would change something.
 */
export const refuseOrigin = (facts: OriginFacts, appOrigin: string): RequestRefusedError | null => {
  const isSafe = safeMethods.has(facts.method);
  const isForeign = facts.origin !== null && facts.origin !== appOrigin;
  if (facts.isWebSocket && facts.origin !== appOrigin) {
    return new RequestRefusedError({ wireTag: "OriginRejected", message: "This origin may not open a connection." });
  }
  if (isForeign && isSafe) {
    return new RequestRefusedError({ wireTag: "OriginRejected", message: "This origin may not read here." });
  }
  if (!isSafe && (isForeign || facts.fetchMode === "no-cors" || facts.fetchMode === "navigate")) {
    return new RequestRefusedError({ wireTag: "CsrfRejected", message: "This request does not come from the app." });
  }
  return null;
};

const preflightSeconds = 600;

const exposed = ["x-request-id", "retry-after", ...Object.values(archiveHeaders)].join(", ");

/** CORS headers for the app's origin; none at all for any other. Tokens travel explicitly, so no credentials. */
export const corsHeaders = (origin: string | null, appOrigin: string): Record<string, string> =>
  origin === appOrigin ? { "access-control-allow-origin": appOrigin, "access-control-expose-headers": exposed } : {};

export const preflightResponse = (origin: string | null, appOrigin: string, methods: readonly string[]): Response =>
  new Response(null, {
    status: 204,
    headers: {
      vary: "Origin",
      ...(origin === appOrigin
        ? {
            "access-control-allow-origin": appOrigin,
            "access-control-allow-methods": methods.join(", "),
            "access-control-allow-headers": "authorization, content-type",
            "access-control-max-age": String(preflightSeconds),
          }
        : {}),
    },
  });
