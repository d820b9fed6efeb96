import {
  type EgressRequestHead,
  EgressRequestHeader,
  type EgressResponseHead,
  EgressResponseHeader,
  egressApi,
} from "@threadbox/contracts/egress";
import { Effect, Schema } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";

const decodeHead = Schema.decodeUnknownEffect(EgressRequestHeader);
const encodeHead = Schema.encodeSync(EgressResponseHeader);

const unreadable = () =>
  new RequestRefusedError({ wireTag: "ValidationError", message: "The request out of the sandbox can't be read." });

const bodiless = new Set(["GET", "HEAD"]);

/** The program's request as it would have been without us. Throws where it cannot be one. */
const unpack = ({ method, host, path, headers }: EgressRequestHead, carrier: Request): Request => {
  const url = new URL(`https://${host}${path}`);
  if (url.host !== host || url.username !== "") throw new Error("The path leads to another host.");
  const body = bodiless.has(method) ? null : carrier.body;
  const own = headers.map(([name, value]): [string, string] => [name, value]);
  const init = { method, headers: isSocket(carrier) ? [...own, ["upgrade", "websocket"]] : own, body };
  return new Request(url, { ...init, redirect: "manual", signal: carrier.signal });
};

export const readCall = Effect.fnUntraced(function* (carrier: Request) {
  const head = yield* Effect.mapError(decodeHead(carrier.headers.get(egressApi.headHeader)), unreadable);
  return yield* Effect.try({ try: () => unpack(head, carrier), catch: unreadable });
});

const isSocket = (carrier: Request): boolean => carrier.headers.get("upgrade")?.toLowerCase() === "websocket";

/** The runtime decodes these when a body is read, so that they are no longer true of what is passed on. */
const decodedHere = /^(?:gzip|x-gzip|br)$/i;

const headOf = ({ status, headers }: Response): EgressResponseHead => {
  const kept = new Headers(headers);
  if (decodedHere.test(kept.get("content-encoding") ?? "")) {
    kept.delete("content-encoding");
    kept.delete("content-length");
  }
  return { status, headers: [...kept] };
};

/** An interceptor's answer on its way to the relay. */
export const packAnswer = (answer: Response): Response =>
  answer.webSocket !== null
    ? answer
    : new Response(answer.body, { headers: { [egressApi.headHeader]: encodeHead(headOf(answer)) } });
