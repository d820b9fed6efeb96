import { FileVersion } from "@threadbox/contracts/files";
import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import { HostedPoint, PointChanges } from "@threadbox/contracts/points";
import { SavedSnapshot } from "@threadbox/contracts/sandbox";
import {
  type EngineKind,
  type EnsureSandbox,
  ExecResult,
  egressBaseUrl,
  FileEntry,
  HostedSandbox,
  type ReconsiderEgress,
  RecycledOpenCode,
  sandboxHostApi,
  ToldSecret,
  TrialResult,
} from "@threadbox/contracts/sandbox-host";
import { Effect, Redacted, Schema } from "effect";
import type { SandboxHostConfig } from "../../sandboxes-config.ts";
import { readJsonAnswer, unreachable } from "./bounded-answer.ts";
import { CapabilityUnsupportedError, SandboxRequestError } from "./errors.ts";
import { hostErrorOf } from "./host-error.ts";
import type { PortRequest, SandboxCapability, SandboxProviderShape, StartRequest } from "./provider.ts";

const Points = Schema.Struct({ points: Schema.Array(HostedPoint) });
const Entries = Schema.Struct({ entries: Schema.Array(FileEntry) });

/** One call that is not a stream must be answered within this time; a start may take longer. */
const callTimeout = "30 seconds";
/** The host gives up such a look after a minute. */
const lookTimeout = "65 seconds";
const noticeTimeout = "5 seconds";
/** A sandbox asks within five seconds, or says that it can't. */
const tellTimeout = "10 seconds";
/** OpenCode ends in five seconds at the latest, and starts again in a minute. */
const recycleTimeout = "130 seconds";
const ensureTimeout = "90 seconds";
/** The host ends a save after ten minutes, and another may be before it. */
const saveTimeout = "1260 seconds";
/** A file of any size that is accepted, over a slow line. */
const transferTimeout = "600 seconds";
/** The host ends a program after thirty minutes at the latest. */
const execMsMax = 31 * 60_000;

const decodeVersion = Schema.decodeUnknownEffect(FileVersion);

/** Whom a call means, and whether it counts as use. */
const headersOf = ({
  generation,
  isLook = false,
}: {
  readonly generation?: Generation;
  readonly isLook?: boolean | undefined;
}): Record<string, string> => ({
  ...(generation === undefined ? {} : { [sandboxHostApi.generationHeader]: String(generation) }),
  ...(isLook ? { [sandboxHostApi.lookHeader]: "1" } : {}),
});

const withHeaders = (init: RequestInit, meant: Parameters<typeof headersOf>[0]): RequestInit => ({
  ...init,
  headers: { ...(init.headers as Record<string, string> | undefined), ...headersOf(meant) },
});

/** A container can't be given a copy in front of its files. */
const capabilities: Readonly<Record<EngineKind, readonly SandboxCapability[]>> = {
  local: ["save", "recycle", "tell", "trial"],
  docker: ["save", "recycle", "tell"],
};

/** Sandboxes on a machine we keep, through the control channel of `apps/sandbox-host`: its host runs them in that way. */
export const makeLocalProvider = (
  config: SandboxHostConfig,
  fetcher: typeof fetch,
  id: EngineKind = "local",
): SandboxProviderShape => {
  const base = `${config.hostUrl}${sandboxHostApi.prefix}/sandboxes`;
  const authorization = `Bearer ${Redacted.value(config.hostToken)}`;

  const send = Effect.fnUntraced(function* (url: string, init: RequestInit) {
    const headers = new Headers(init.headers);
    headers.set("authorization", authorization);
    const response = yield* Effect.tryPromise({
      try: () => fetcher(url, { ...init, headers, redirect: "manual" }),
      catch: unreachable,
    });
    const failure = yield* hostErrorOf(response);
    return failure === null ? response : yield* failure;
  });

  /** A call to the host itself: an answer that is neither success nor the host's refusal comes from somewhere between. */
  const ask = (url: string, init: RequestInit) =>
    Effect.filterOrFail(
      send(url, init),
      ({ ok }) => ok,
      ({ status }) => unreachable(`status ${status}`),
    );

  const call = (path: string, init: RequestInit, duration: string & `${number} seconds` = callTimeout) =>
    ask(`${base}${path}`, init).pipe(
      Effect.timeoutOrElse({ duration, orElse: () => Effect.fail(unreachable("timeout")) }),
    );

  const postJson = (value: unknown, method = "POST"): RequestInit => ({
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  });
  const versionOf = ({ headers }: Response) =>
    Effect.mapError(decodeVersion(headers.get(sandboxHostApi.fileVersionHeader)), unreachable);
  const filePath = (name: SandboxName, path: string) => `/${name}/files?path=${encodeURIComponent(path)}`;

  /** Addresses a port inside; a path that would climb out of it on the way to the host is refused. */
  const toPort = Effect.fnUntraced(function* (name: SandboxName, request: PortRequest, more?: HeadersInit) {
    const root = `${base}/${name}/ports/${request.port}`;
    const url = URL.parse(`${root}${request.path}`);
    if (url === null || !request.path.startsWith("/") || !url.href.startsWith(`${root}/`)) {
      return yield* new SandboxRequestError({ reason: "This is no path on a port." });
    }
    const headers = new Headers(request.init?.headers);
    const inner = headers.get("authorization");
    if (inner !== null) headers.set(sandboxHostApi.forwardedAuthorizationHeader, inner);
    for (const [key, value] of Object.entries(headersOf(request))) headers.set(key, value);
    new Headers(more).forEach((value, key) => {
      headers.set(key, value);
    });
    return yield* send(url.href, { ...request.init, headers });
  });

  const unsupported = (capability: string) => Effect.fail(new CapabilityUnsupportedError({ capability, provider: id }));

  const toEnsure = ({ restoreFrom, ...request }: StartRequest): EnsureSandbox => ({ ...request, engine: id });

  return {
    id,
    capabilities: new Set(capabilities[id]),
    egressBaseUrl,
    ensure: (name, request) =>
      Effect.flatMap(
        call(`/${name}`, postJson(toEnsure(request), "PUT"), ensureTimeout),
        readJsonAnswer(HostedSandbox),
      ),
    info: (name) =>
      Effect.flatMap(call(`/${name}`, { method: "GET" }), readJsonAnswer(HostedSandbox)).pipe(
        Effect.catchTag("SandboxNotFoundError", () => Effect.succeed(null)),
      ),
    destroy: (name, { workspace }) =>
      call(`/${name}?keepWorkspace=${workspace === "keep"}`, { method: "DELETE" }).pipe(
        Effect.catchTag("SandboxNotFoundError", () => Effect.void),
        Effect.asVoid,
      ),
    exec: (name, request, isLook) =>
      Effect.flatMap(
        ask(`${base}/${name}/exec`, withHeaders(postJson(request), { isLook })),
        readJsonAnswer(ExecResult),
      ).pipe(Effect.timeoutOrElse({ duration: execMsMax, orElse: () => Effect.fail(unreachable("timeout")) })),
    trial: (name, request) =>
      id === "docker"
        ? unsupported("trial")
        : Effect.flatMap(ask(`${base}/${name}/trials`, postJson(request)), readJsonAnswer(TrialResult)).pipe(
            Effect.timeoutOrElse({ duration: execMsMax, orElse: () => Effect.fail(unreachable("timeout")) }),
          ),
    readFile: Effect.fnUntraced(function* (name, path) {
      const response = yield* call(filePath(name, path), { method: "GET" });
      const version = yield* versionOf(response);
      const sizeBytes = Number(response.headers.get("content-length") ?? Number.NaN);
      if (!Number.isSafeInteger(sizeBytes)) return yield* unreachable("a file without a length");
      return { sizeBytes, version, stream: response.body ?? new Blob([]).stream() };
    }),
    writeFile: Effect.fnUntraced(function* (name, path, content, expected) {
      const headers = expected === undefined ? {} : { [sandboxHostApi.fileVersionHeader]: expected };
      const init = { method: "PUT", body: content, headers };
      return yield* versionOf(yield* call(filePath(name, path), init, transferTimeout));
    }),
    moveFile: (name, move) => Effect.asVoid(call(`/${name}/moves`, postJson(move))),
    makeFolder: (name, path) =>
      Effect.asVoid(call(`/${name}/folders?path=${encodeURIComponent(path)}`, { method: "POST" })),
    deleteFile: (name, path) => Effect.asVoid(call(filePath(name, path), { method: "DELETE" })),
    listFiles: (name, path) =>
      Effect.flatMap(
        call(`/${name}/entries?path=${encodeURIComponent(path)}`, { method: "GET" }),
        readJsonAnswer(Entries),
      ).pipe(Effect.map(({ entries }) => entries)),
    fetchPort: (name, request) => toPort(name, request),
    connectPort: Effect.fnUntraced(function* (name, request) {
      const response = yield* toPort(name, request, { upgrade: "websocket" });
      return response.webSocket ?? (yield* unreachable(`no upgrade, status ${response.status}`));
    }),
    reconsiderEgress: (owner) =>
      ask(
        `${config.hostUrl}${sandboxHostApi.prefix}/egress/reconsider`,
        postJson((owner === null ? {} : { owner }) satisfies ReconsiderEgress),
      ).pipe(
        Effect.timeoutOrElse({ duration: noticeTimeout, orElse: () => Effect.fail(unreachable("timeout")) }),
        Effect.asVoid,
      ),
    tellSecret: (name, generation, news) => {
      // What naps is told, and naps on: a value that it still held would be one that was taken from everybody else.
      const init = withHeaders(postJson(news), { generation, isLook: true });
      return Effect.flatMap(call(`/${name}/secrets`, init, tellTimeout), readJsonAnswer(ToldSecret));
    },
    snapshot: () => unsupported("snapshot"),
    save: (name, point) =>
      Effect.flatMap(call(`/${name}/snapshots`, postJson(point), saveTimeout), readJsonAnswer(SavedSnapshot)),
    listPoints: (name) =>
      Effect.flatMap(call(`/${name}/snapshots`, { method: "GET" }, lookTimeout), readJsonAnswer(Points)).pipe(
        Effect.map(({ points }) => points),
      ),
    comparePoint: (name, id) =>
      Effect.flatMap(
        call(`/${name}/snapshots/${id}/changes`, { method: "GET" }, lookTimeout),
        readJsonAnswer(PointChanges),
      ),
    restore: () => unsupported("restore"),
    recycle: (name, generation) =>
      Effect.flatMap(
        call(`/${name}/opencode`, { method: "POST", headers: headersOf({ generation, isLook: true }) }, recycleTimeout),
        readJsonAnswer(RecycledOpenCode),
      ),
  };
};
