import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import { pickHeaders } from "../http/headers.ts";

/**
 * What may pass from the worker to a program behind a port. `Authorization` is not among them: the one that arrives
 * opens the control channel. Neither is `Origin`: OpenCode's terminals refuse one that differs from `Host`.
 */
const allowed = [
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "cookie",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "last-event-id",
  "range",
  "user-agent",
  "x-opencode-directory",
  "x-opencode-ticket",
  "x-request-id",
];

const ofBody = ["content-encoding", "content-length", "content-type"];

/** `hasBody` false leaves out what would announce one. */
export const portRequestHeaders = (
  headers: IncomingHttpHeaders,
  port: number,
  { hasBody }: { readonly hasBody: boolean },
): OutgoingHttpHeaders => {
  const forwarded = headers[sandboxHostApi.forwardedAuthorizationHeader];
  return {
    ...pickHeaders(headers, hasBody ? [...allowed, ...ofBody] : allowed),
    host: `127.0.0.1:${port}`,
    ...(typeof forwarded === "string" ? { authorization: forwarded } : {}),
  };
};
