import { codemodeExecute, codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { EgressHost } from "@threadbox/contracts/egress";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";

/** What the egress relay does with a request from inside a sandbox. */
export type EgressDecision =
  | { readonly kind: "model"; readonly path: string }
  /** To the worker that the model gateway is part of, at exactly this path. */
  | { readonly kind: "secrets"; readonly path: string }
  /** To the same worker: programs, for the agent. */
  | { readonly kind: "codemode"; readonly path: string }
  | { readonly kind: "refuse"; readonly tag: ErrorTag; readonly message: string };

const refuse = (message: string): EgressDecision => ({ kind: "refuse", tag: "Forbidden", message });

const modelPrefix = "/model";

/** The two ways to ask the worker for secrets, as they are sent: nothing in them has a second reading. */
const secretsPaths = [
  { method: "POST", path: /^\/internal\/secrets$/ },
  { method: "GET", path: /^\/api\/internal\/secrets\/[A-Za-z0-9_]{1,64}$/ },
];

/** Where programs written for a container's network look for the worker; to the proxy it is the relay itself. */
const workerAddress = /^http:\/\/10\.1\.0\.1:8787(?=\/)/i;

/** `asked` is the request line's target as it was sent. Everything but the model gateway and secrets is refused. */
export const decideRequest = (method: string, asked: string): EgressDecision => {
  const target = asked.replace(workerAddress, "");
  if (!target.startsWith("/")) return refuse("Plain HTTP to other hosts is not allowed from a sandbox; use https.");
  const secrets = secretsPaths.find(({ path }) => path.test(target));
  if (secrets !== undefined) {
    return secrets.method === method
      ? { kind: "secrets", path: target }
      : { kind: "refuse", tag: "MethodNotAllowed", message: `Secrets are asked for with ${secrets.method} here.` };
  }
  if (target === codemodeExecute.path) {
    return method === "POST"
      ? { kind: "codemode", path: codemodeExecute.innerPath }
      : { kind: "refuse", tag: "MethodNotAllowed", message: "Programs are run with POST." };
  }
  if (target === codemodeMcp.path) return { kind: "codemode", path: codemodeMcp.innerPath };
  // Two slashes would be read as the start of a host's name.
  if (target.startsWith("//") || /%(?:2f|5c|00)|\\/i.test(target))
    return refuse("The path is not one that the relay forwards.");
  const url = new URL(target, "http://relay.invalid");
  if (!url.pathname.startsWith(`${modelPrefix}/`)) return refuse("Only the model gateway is reachable here.");
  if (method !== "GET" && method !== "POST") {
    return { kind: "refuse", tag: "MethodNotAllowed", message: "The model gateway takes GET and POST." };
  }
  return { kind: "model", path: url.pathname.slice(modelPrefix.length) + url.search };
};

/** The only port that tunnels lead to: whatever they carry is encrypted. */
export const tunnelPort = 443;

const isHost = Schema.is(EgressHost);

/** The host that a CONNECT to `authority` wants, in lower case; null where no host's port 443 is meant. */
export const tunnelHost = (authority: string): string | null => {
  const [, host, port] = authority.toLowerCase().match(/^([a-z0-9._-]+):(\d{1,5})$/) ?? [];
  return port === String(tunnelPort) && isHost(host) ? host : null;
};

/** The host of a plain HTTP request to somewhere else; null where it has no name. */
export const plainHost = (target: string): string | null => {
  const host = hostWanted(target)?.replace(/:\d*$/, "");
  return isHost(host) ? host : null;
};

const namedLengthMax = 120;

/**
 * Host and port that a request wanted, for the log. The program inside chose every letter of it: what belongs to no
 * host's name is replaced, and nothing is taken from a path, a query or a user's name and password.
 */
export const hostWanted = (target: string): string | undefined => {
  if (target.startsWith("/")) return undefined;
  const authority = target.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").split(/[/?#\\]/, 1)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  const plain = host.slice(0, namedLengthMax).replace(/[^a-z0-9.:[\]_-]/g, "?");
  return host.length > namedLengthMax ? `${plain}…` : plain;
};
