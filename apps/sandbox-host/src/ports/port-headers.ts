import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { openCodePort } from "@threadbox/contracts/opencode";
import { sandboxHostApi } from "@threadbox/contracts/sandbox-host";
import type { RunningSandbox } from "../engines/engine.ts";
import { endToEndHeaders, pickHeaders } from "../http/headers.ts";

/**
 * What may pass from the worker to OpenCode. `Authorization` is not among them: the one that arrives opens the control
 * channel. Neither is `Origin`: OpenCode's terminals refuse one that differs from `Host`.
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

/** What no program gets: what belongs to the control channel, and what is the connection's own. */
const ours = new Set([
  "authorization",
  "host",
  "origin",
  sandboxHostApi.forwardedAuthorizationHeader,
  sandboxHostApi.generationHeader,
]);
const isOurs = (name: string): boolean => ours.has(name) || /^(?:sec-websocket-|x-forwarded-|forwarded$)/.test(name);

/** What a server that somebody writes may need is not known beforehand; it hears of its own address only. */
const ofAnyProgram = (headers: IncomingHttpHeaders, port: number, hasBody: boolean): OutgoingHttpHeaders => ({
  ...Object.fromEntries(
    Object.entries(endToEndHeaders(headers)).filter(([name]) => !isOurs(name) && (hasBody || !ofBody.includes(name))),
  ),
  ...(headers.origin === undefined ? {} : { origin: `http://127.0.0.1:${port}` }),
});

/** What a request must show to OpenCode: see `RunningSandbox.authorize`. */
const authorizationOf = (forwarded: string | readonly string[] | undefined, { port, authorize }: Inward) => {
  if (typeof forwarded !== "string") return {};
  return { authorization: port === openCodePort && authorize !== undefined ? authorize(forwarded) : forwarded };
};

export interface Inward {
  readonly port: number;
  readonly authorize?: NonNullable<RunningSandbox["authorize"]>;
}

/** `hasBody` false leaves out what would announce one. */
export const portRequestHeaders = (
  headers: IncomingHttpHeaders,
  inward: Inward,
  { hasBody }: { readonly hasBody: boolean },
): OutgoingHttpHeaders => {
  const { port } = inward;
  return {
    ...(port === openCodePort
      ? pickHeaders(headers, hasBody ? [...allowed, ...ofBody] : allowed)
      : ofAnyProgram(headers, port, hasBody)),
    host: `127.0.0.1:${port}`,
    ...authorizationOf(headers[sandboxHostApi.forwardedAuthorizationHeader], inward),
  };
};
