import * as http from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { openCodePort } from "@threadbox/contracts/opencode";
import type { RunningSandbox } from "../engines/engine.ts";
import { endToEndHeaders } from "../http/headers.ts";
import { sendWireAnswer, type WireAnswer, wireAnswer } from "../http/wire.ts";
import { type Inward, portRequestHeaders } from "./port-headers.ts";
import type { PortRoute } from "./port-route.ts";

/** A page or a load test opens that many at once; each unused one is closed after seconds. */
const keptMax = 64;

/** Connections to one port of one sandbox that are kept for the next request. */
class PortAgent extends http.Agent {
  readonly #connect: () => Duplex;
  constructor(connect: () => Duplex) {
    super({ keepAlive: true, maxFreeSockets: keptMax, timeout: 4_000 });
    this.#connect = connect;
  }
  override createConnection(): Duplex {
    return this.#connect();
  }
}

const agents = new WeakMap<RunningSandbox, Map<number, PortAgent>>();

const agentOf = (sandbox: RunningSandbox, port: number): PortAgent => {
  let ofSandbox = agents.get(sandbox);
  if (ofSandbox === undefined) {
    ofSandbox = new Map();
    agents.set(sandbox, ofSandbox);
  }
  let agent = ofSandbox.get(port);
  if (agent === undefined) {
    agent = new PortAgent(() => sandbox.connect(port));
    ofSandbox.set(port, agent);
    sandbox.ended.then(() => agent?.destroy());
  }
  return agent;
};

/** OpenCode falls silent a moment before its sandbox is known to have ended. */
const endNoticeMs = 1_000;

const explainFailure = async (sandbox: RunningSandbox, port: number): Promise<WireAnswer> => {
  const patience = port === openCodePort ? endNoticeMs : 0;
  const end = await Promise.race([sandbox.ended, setTimeout(patience, undefined, { ref: false })]);
  return end === undefined
    ? wireAnswer("UpstreamError", `Nothing answers on port ${port}.`)
    : wireAnswer("SandboxInterrupted", end.reason);
};

/** Sends the head of a program's answer; false, after an error to the caller, when it is none that HTTP knows. */
const beginAnswer = (response: http.ServerResponse, answer: http.IncomingMessage): boolean => {
  try {
    const status = answer.statusCode ?? 0;
    if (status < 200) throw new RangeError("This is not a final status.");
    response.writeHead(status, endToEndHeaders(answer.headers));
    response.flushHeaders();
    return true;
  } catch {
    sendWireAnswer(response, wireAnswer("UpstreamError", "The program's answer is not valid HTTP."));
    return false;
  }
};

/** Where a request to a port goes in. */
export const inwardOf = ({ authorize }: RunningSandbox, { port }: PortRoute): Inward => ({
  port,
  ...(authorize === undefined ? {} : { authorize }),
});

export interface PortExchange {
  readonly sandbox: RunningSandbox;
  readonly route: PortRoute;
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  /** Called when the program has begun to answer. */
  readonly onAnswer: () => void;
}

/**
 * Carries one HTTP exchange to a port inside and back, byte for byte and at once: server-sent events pass as they
 * come, redirects go back to the caller. A connection that the program closed while idle is replaced once.
 */
export const proxyPort = ({ sandbox, route, request, response, onAnswer }: PortExchange): void => {
  const isRepeatable = request.method === "GET" || request.method === "HEAD";
  const attempt = (isFresh: boolean): void => {
    const outgoing = http.request({
      method: request.method,
      path: route.path,
      headers: portRequestHeaders(request.headers, inwardOf(sandbox, route), { hasBody: !isRepeatable }),
      // Only a request without effects may meet a kept connection, which can break before the program reads it.
      ...(isRepeatable && !isFresh
        ? { agent: agentOf(sandbox, route.port) }
        : { createConnection: () => sandbox.connect(route.port) }),
    });
    outgoing.once("response", (answer) => {
      onAnswer();
      if (beginAnswer(response, answer)) pipeline(answer, response, () => {});
      else outgoing.destroy();
    });
    outgoing.once("upgrade", (_, stream) => {
      stream.destroy();
      sendWireAnswer(response, wireAnswer("UpstreamError", "The program's answer is not valid HTTP."));
    });
    outgoing.once("error", () => {
      if (outgoing.reusedSocket && !response.headersSent && !response.destroyed) {
        attempt(true);
        return;
      }
      explainFailure(sandbox, route.port).then((answer) => sendWireAnswer(response, answer));
    });
    response.once("close", () => outgoing.destroy());
    if (isRepeatable) {
      request.resume();
      outgoing.end();
    } else {
      pipeline(request, outgoing, () => {});
    }
  };
  attempt(false);
};
