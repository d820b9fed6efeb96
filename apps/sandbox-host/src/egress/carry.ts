import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { EgressRequestHeader, EgressResponseHeader, egressApi } from "@threadbox/contracts/egress";
import { Schema } from "effect";
import type { Traffic } from "../engines/engine.ts";
import { isHopByHop, pickHeaders } from "../http/headers.ts";
import { sendWireAnswer, wireAnswer } from "../http/wire.ts";
import type { EgressWorker } from "./worker.ts";

const encodeHead = Schema.encodeSync(EgressRequestHeader);
const decodeHead = Schema.decodeUnknownSync(EgressResponseHeader);

type Pairs = readonly (readonly [string, string])[];

/** Of a WebSocket's handshake: between each two machines it is another one. */
const isHandshake = (name: string): boolean => /^sec-websocket-(?:key|version|extensions|accept)$/.test(name);

const pairsOf = (headers: IncomingHttpHeaders): Pairs =>
  Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || isHopByHop(name) || isHandshake(name) || name === "host" || name === "expect") return [];
    return Array.isArray(value) ? value.map((each): [string, string] => [name, each]) : [[name, value] as const];
  });

/** Names that occur more than once stay apart: cookies cannot be joined. */
const toRaw = (pairs: Pairs): string[] => pairs.flatMap(([name, value]) => (isHopByHop(name) ? [] : [name, value]));

/** What the worker says itself, in place of an answer for the program. */
const refusalHeaders = ["content-type", "content-length", "retry-after", "x-request-id"];

/** A program's request in the header that the worker reads; null where it can't be said. */
export const headForWorker = (
  host: string,
  { method = "", url: path = "", headers }: IncomingMessage,
): string | null => {
  try {
    return encodeHead({ method, host, path, headers: pairsOf(headers) });
  } catch {
    return null;
  }
};

/** Throws where the worker's answer is none. */
export const passAnswer = (answer: IncomingMessage, response: ServerResponse): void => {
  const head = answer.headers[egressApi.headHeader];
  if (typeof head !== "string") {
    response.writeHead(answer.statusCode ?? 502, pickHeaders(answer.headers, refusalHeaders));
  } else {
    const { status, headers } = decodeHead(head);
    if (status < 200) throw new RangeError("An answer begins with its final status.");
    response.writeHead(status, toRaw(headers));
  }
  response.flushHeaders();
  pipeline(answer, response, () => {});
};

/** Who carries a program's requests, and who hears of it. */
export interface Carrier {
  readonly worker: EgressWorker;
  readonly traffic: Traffic;
}

/** Carries a program's request to the worker, and the worker's answer back; both bodies stream. */
export const carryCall = (
  { worker, traffic }: Carrier,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const head = headForWorker(host, request);
  if (head === null) {
    request.resume();
    sendWireAnswer(response, wireAnswer("ValidationError", "This request can't be carried out of the sandbox."));
    return;
  }
  const length = request.headers["content-length"];
  const hasBody = length !== undefined || request.headers["transfer-encoding"] !== undefined;
  const upstream = worker.request("POST", egressApi.callPath, {
    [egressApi.headHeader]: head,
    ...(hasBody ? (length === undefined ? {} : { "content-length": length }) : { "content-length": "0" }),
  });
  const settle = traffic.begin();
  const unreachable = () => sendWireAnswer(response, wireAnswer("UpstreamError", "Can't reach this host right now."));
  upstream.on("error", unreachable);
  upstream.on("response", (answer) => {
    settle();
    answer.on("data", traffic.note);
    try {
      passAnswer(answer, response);
    } catch {
      answer.destroy();
      unreachable();
    }
  });
  response.on("close", () => {
    settle();
    if (!response.writableFinished) worker.giveUp(upstream);
  });
  pipeline(request, upstream, () => {});
};
