import { UserId } from "@threadbox/contracts/ids";
import { Effect, Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";
import { SandboxOutbound } from "../../platform/outbound.ts";
import { type BoundSecret, type HeldUse, SecretVault, whileHeld } from "../secrets/index.ts";
import { type CredentialHandle, handleMaker } from "./handles.ts";
import type { EgressCall } from "./interceptor.ts";
import { joinSocket } from "./join-socket.ts";
import { formsOf, redactPieces, redactText } from "./redact.ts";
import { findHandles, replaceHandles } from "./replace-handles.ts";

const refused = refuser({
  Forbidden: "This credential may not be sent to this host.",
  UpstreamError: "Can't reach this host, or its answer can't be read.",
});

/** Which secret each handle of this thread stands for. */
export const knownHandles = Effect.fnUntraced(function* (
  threadId: EgressCall["threadId"],
  secrets: readonly BoundSecret[],
) {
  const { sandboxCredentialKey } = yield* WorkerConfig;
  return yield* Effect.promise(async () => {
    const makeHandle = await handleMaker(sandboxCredentialKey);
    const pairs = secrets.map(async (secret) => [await makeHandle(threadId, secret.name), secret] as const);
    return new Map(await Promise.all(pairs));
  });
});

/** Whether a handle stands for a secret that this host may have. */
export const isGoodAt = (
  host: string,
  known: ReadonlyMap<CredentialHandle, BoundSecret>,
  handle: CredentialHandle,
): boolean => known.get(handle)?.hosts.includes(host) ?? false;

/** A handle that is another thread's, made up, or another host's: it may have been stolen, and is written down. */
const judgeHandles = Effect.fnUntraced(function* (
  found: readonly CredentialHandle[],
  known: ReadonlyMap<CredentialHandle, BoundSecret>,
  { threadId, request }: EgressCall,
) {
  const { host } = new URL(request.url);
  if (!found.every((handle) => isGoodAt(host, known, handle))) {
    return yield* refused("Forbidden", { userId: UserId.make(`sandbox_${threadId}`), threadId });
  }
});

/** A program that shows nothing gets the host's only secret; one that shows something else means that. */
export const impliedHandles = (
  known: ReadonlyMap<CredentialHandle, BoundSecret>,
  request: Pick<Request, "url" | "headers">,
): readonly CredentialHandle[] => {
  const { host } = new URL(request.url);
  const bound = [...known].filter(([, { hosts }]) => hosts.includes(host)).map(([handle]) => handle);
  return bound.length === 1 && !request.headers.has("authorization") ? bound : [];
};

const lease = Effect.fnUntraced(function* (
  { name }: BoundSecret,
  { threadId, generation, request, requestId }: EgressCall,
) {
  const vault = yield* SecretVault;
  const { host } = new URL(request.url);
  const leased = yield* vault.lease({
    name,
    usage: "egress",
    kind: "egress",
    threadId,
    generation,
    host,
    requestId,
  });
  return { value: Redacted.value(leased.value), use: yield* vault.hold(leased) };
});

/** Answers that we cannot read may repeat a value unseen. */
const readable = /^(?:identity|gzip|x-gzip)?$/i;

const withoutValues = (response: Response, hidden: readonly string[], uses: readonly HeldUse[]): Response => {
  if (response.webSocket !== null) return joinSocket(response, response.webSocket, hidden, uses);
  const headers = new Headers();
  for (const [name, value] of response.headers) headers.append(name, redactText(value, hidden));
  if (headers.has("content-encoding")) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  const { status, body } = response;
  return whileHeld(new Response(body, { status, headers }), uses, redactPieces(hidden));
};

/**
 * Sends a program's request on with values in the place of its handles, leased for this one request, and hides them in
 * the answer. A redirect is the program's to follow: what it then asks for is judged anew, by that host.
 */
export const inject = Effect.fn("injectSecrets")(function* (call: EgressCall, secrets: readonly BoundSecret[]) {
  const known = yield* knownHandles(call.threadId, secrets);
  const found = findHandles(call.request);
  yield* judgeHandles(found, known, call);
  const { method, body, signal } = call.request;
  const request = { url: call.request.url, headers: new Headers(call.request.headers) };
  const implied = found.length === 0 ? impliedHandles(known, call.request) : [];
  for (const handle of implied) request.headers.set("authorization", `Bearer ${handle}`);
  const values = new Map<CredentialHandle, string>();
  const uses: HeldUse[] = [];
  const release = Effect.sync(() => {
    for (const use of uses) use.release();
  });
  const send = Effect.gen(function* () {
    for (const handle of [...found, ...implied]) {
      const secret = known.get(handle);
      if (secret === undefined) continue;
      const leased = yield* lease(secret, call);
      values.set(handle, leased.value);
      uses.push(leased.use);
    }
    const { url, headers, written } = replaceHandles(request, values);
    headers.set("accept-encoding", "identity");
    const fetcher = yield* SandboxOutbound;
    const left = AbortSignal.any([signal, ...uses.map(({ ended }) => ended)]);
    const response = yield* Effect.tryPromise({
      try: () => fetcher(url, { method, headers, body, signal: left, redirect: "manual" }),
      catch: () => refused("UpstreamError"),
    });
    if (!readable.test(response.headers.get("content-encoding") ?? "")) return yield* refused("UpstreamError");
    return withoutValues(response, [...written, ...[...values.values()].flatMap(formsOf)], uses);
  });
  return yield* Effect.onError(send, () => release);
});
