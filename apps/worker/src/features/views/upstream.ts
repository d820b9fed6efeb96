import type { ErrorTag } from "@threadbox/contracts/errors";
import { portOf, type ViewTarget } from "@threadbox/contracts/views";
import { Effect } from "effect";
import type { RefusedError } from "../../http/failure.ts";
import type { SandboxClient, SandboxError } from "../sandbox/index.ts";
import { refused, type ViewRefusal } from "./errors.ts";
import {
  answerHeadersOf,
  ownLocation,
  refuseOpenCodeRequest,
  upstreamHeaders,
  upstreamPath,
  type ViewRequestFacts,
} from "./rules.ts";
import { refuseServerRequest, serverAnswerHeaders, serverHeaders, serverLocation } from "./server-rules.ts";

/** What stands behind a view: how it is asked, and what of its answers a browser gets. */
export interface Upstream {
  /** Null: it may be asked that. */
  refuse(facts: ViewRequestFacts): ViewRefusal | null;
  path(url: URL): string;
  headers(given: Headers): Headers;
  answerHeaders(given: Headers, framedBy: string): Headers;
  /** A redirect that stays within the view; null for any other. */
  location(location: string | null, url: URL): string | null;
  fetch(path: string, init: RequestInit): Effect.Effect<Response, SandboxError | RefusedError>;
  connect(path: string, headers: Headers): Effect.Effect<WebSocket, SandboxError>;
}

const openCode = (sandbox: SandboxClient): Upstream => ({
  refuse: refuseOpenCodeRequest,
  path: upstreamPath,
  headers: upstreamHeaders,
  answerHeaders: answerHeadersOf,
  location: ownLocation,
  fetch: (path, init) => sandbox.fetch(path, init),
  connect: (path) => sandbox.connect(path),
});

/** How a sandbox host says that nothing listens. */
const silentPort: ErrorTag = "UpstreamError";

const server = (sandbox: SandboxClient, port: number): Upstream => ({
  refuse: refuseServerRequest,
  path: ({ pathname, search }) => pathname + search,
  headers: serverHeaders,
  answerHeaders: serverAnswerHeaders,
  location: serverLocation(port),
  fetch: (path, init) =>
    Effect.catchTag(sandbox.fetchPort(port, path, init), "SandboxUnavailableError", (error) =>
      Effect.fail(error.cause === silentPort ? refused("UpstreamError") : error),
    ),
  connect: (path, headers) => sandbox.connectPort(port, path, { headers }),
});

/** What a view of that target shows of this sandbox. */
export const upstreamOf = (target: ViewTarget, sandbox: SandboxClient): Upstream => {
  const port = portOf(target);
  return port === null ? openCode(sandbox) : server(sandbox, port);
};
