import { closeCode } from "@threadbox/contracts/errors";
import { viewOrigin } from "@threadbox/contracts/views";
import { Duration, Effect, Fiber, Schedule } from "effect";
import type { Admission, ViewAuthorityShape } from "./authority.ts";
import { answerBytesMax, bounded, ofLength, plainLength, requestBytesMax } from "./bounded-body.ts";
import { refused } from "./errors.ts";
import { upstreamOf } from "./upstream.ts";

/** How often an open stream's right is looked at; what is believed meanwhile is at most a second old. */
const lookEvery = Duration.seconds(viewOrigin.revokedSecondsMax / 2);
/** Largest message of a socket in either direction, in characters or bytes. */
const messageMax = 4 * 1024 * 1024;

/** Calls `revoke` once the view's right has ended; stops looking when what it returns is called. */
const watch = Effect.fnUntraced(function* (authority: ViewAuthorityShape, { grant }: Admission, revoke: () => void) {
  // It has just been admitted: most answers are over before the first look.
  const looks = authority
    .maintains(grant)
    .pipe(Effect.repeat({ schedule: Schedule.spaced(lookEvery), while: (holds) => holds }), Effect.delay(lookEvery));
  const fiber = yield* Effect.forkDetach(Effect.andThen(looks, Effect.sync(revoke)));
  return () => void Effect.runFork(Fiber.interrupt(fiber));
});

const bodiless = new Set(["GET", "HEAD"]);

/** One request of the view's page, answered by what stands behind it in its sandbox. */
export const proxyRequest = Effect.fn("proxyViewRequest")(function* (
  request: Request,
  admission: Admission,
  authority: ViewAuthorityShape,
  framedBy: string,
) {
  const url = new URL(request.url);
  if (Number(request.headers.get("content-length") ?? "0") > requestBytesMax) return yield* refused("BodyTooLarge");
  const body = bodiless.has(request.method) || request.body === null ? null : bounded(request.body, requestBytesMax);
  const control = new AbortController();
  request.signal.addEventListener("abort", () => control.abort(), { once: true });
  const upstream = upstreamOf(admission.grant.target, admission.sandbox);
  const answer = yield* upstream.fetch(upstream.path(url), {
    method: request.method,
    headers: upstream.headers(request.headers),
    body,
    redirect: "manual",
    signal: control.signal,
  });
  const headers = upstream.answerHeaders(answer.headers, framedBy);
  const location = upstream.location(answer.headers.get("location"), url);
  if (location !== null) headers.set("location", location);
  if (answer.status >= 300 && answer.status < 400 && answer.status !== 304 && location === null) {
    return yield* refused("PathRejected");
  }
  if (answer.body === null) return new Response(null, { status: answer.status, headers });
  const stop = yield* watch(authority, admission, () => control.abort());
  control.signal.addEventListener("abort", stop, { once: true });
  const length = plainLength(answer.headers);
  const content =
    length !== null && length <= answerBytesMax
      ? ofLength(answer.body, length, stop)
      : bounded(answer.body, answerBytesMax, stop);
  return new Response(content, { status: answer.status, headers });
});

const lengthOf = (data: string | ArrayBuffer): number => (typeof data === "string" ? data.length : data.byteLength);

/** Codes that a program may close with; the others are the protocol's own. */
const sendable = (code: number): boolean => code === 1000 || (code >= 3000 && code <= 4999);

/** Carries one side's messages to the other until it closes, and closes both where one message is too large. */
const carry = (from: WebSocket, to: WebSocket): void => {
  const close = (code: number, reason: string) => {
    for (const socket of [from, to]) {
      if (socket.readyState < WebSocket.CLOSING) socket.close(code, reason);
    }
  };
  from.addEventListener("message", ({ data }) => {
    if (lengthOf(data as string | ArrayBuffer) > messageMax) close(1009, "This message is too large.");
    else if (to.readyState === WebSocket.OPEN) to.send(data as string | ArrayBuffer);
  });
  from.addEventListener("close", ({ code, reason }) => close(sendable(code) ? code : closeCode.upstream, reason));
  from.addEventListener("error", () => close(closeCode.upstream, ""));
};

/** The subprotocols that a page offers, of which a server takes the first. */
const offered = (headers: Headers): string | null => headers.get("sec-websocket-protocol");

/** A socket of the view's page, joined to one of what stands behind it. */
export const proxySocket = Effect.fn("proxyViewSocket")(function* (
  request: Request,
  admission: Admission,
  authority: ViewAuthorityShape,
) {
  const { connect, path, headers } = upstreamOf(admission.grant.target, admission.sandbox);
  const wished = headers(request.headers);
  const protocols = offered(request.headers);
  if (protocols !== null) wished.set("sec-websocket-protocol", protocols);
  const upstream = yield* connect(path(new URL(request.url)), wished);
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  for (const socket of [upstream, server]) {
    socket.binaryType = "arraybuffer";
    socket.accept();
  }
  carry(upstream, server);
  carry(server, upstream);
  const end = () => {
    for (const socket of [server, upstream]) socket.close(closeCode.auth, "This view has ended.");
  };
  const stop = yield* watch(authority, admission, end);
  server.addEventListener("close", stop, { once: true });
  const chosen = protocols?.split(",")[0]?.trim();
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: chosen === undefined ? {} : { "sec-websocket-protocol": chosen },
  });
});
