import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";

/** The named headers that are present. */
export const pickHeaders = (headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders => {
  const picked: OutgoingHttpHeaders = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
};

/** Headers that concern one connection only (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** In lower case. */
export const isHopByHop = (name: string): boolean => hopByHop.has(name);

/** What passes on of the headers of somebody else's answer: nothing that would make it the host's own refusal. */
export const endToEndHeaders = (headers: IncomingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => !hopByHop.has(name) && name !== sandboxHostApi.refusalHeader && value !== undefined,
    ),
  );
