import { cutText } from "@threadbox/contracts/cut-text";
import type { SandboxName } from "@threadbox/contracts/ids";
import { workspacePath } from "@threadbox/contracts/opencode";
import { Effect, Schema } from "effect";
import { unreachable } from "./bounded-answer.ts";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";
import { makeCloudflareFiles } from "./cloudflare-files.ts";
import { findHosted, isContainerUp, startOpenCode } from "./cloudflare-start.ts";
import { CapabilityUnsupportedError, SandboxInterruptedError, SandboxRequestError } from "./errors.ts";
import type { PortRequest, SandboxProviderShape } from "./provider.ts";
import { shellCommand, timedOutExitCode } from "./shell.ts";

/** A host name that only the container's outbound interception knows; the worker itself answers for it. */
export const cloudflareEgressHost = "egress.threadbox.internal";

const startTimeout = "120 seconds";
/** OpenCode on its port is a remote shell, so it never runs without one. */
const passwordLengthMin = 32;
const snapshotTtlSeconds = 90 * 24 * 3600;
const execTimeoutMsDefault = 600_000;
const outputBytesMax = 1024 * 1024;

const Backup = Schema.fromJsonString(
  Schema.Struct({ id: Schema.String, dir: Schema.String, localBucket: Schema.optionalKey(Schema.Boolean) }),
);
const decodeBackup = Schema.decodeUnknownEffect(Backup);

/** What a container tells of a program that it ran; the container's own server is among what a program inside can replace. */
const Ran = Schema.Struct({
  exitCode: Schema.Int,
  stdout: Schema.String,
  stderr: Schema.String,
  duration: Schema.Number,
});
const decodeRan = Schema.decodeUnknownEffect(Ran);

const attempt = <A>(call: () => Promise<A>) => Effect.tryPromise({ try: call, catch: unreachable });

const cut = (text: string) => cutText(text, outputBytesMax);

/** Sandboxes in Cloudflare containers. Their disk lives as long as the container, so the workspace is kept by snapshots. */
export const makeCloudflareProvider = (
  clientOf: (name: SandboxName) => CloudflareSandboxClient,
  { hasBackups }: { readonly hasBackups: boolean },
): SandboxProviderShape => {
  const unsupported = (capability: string) =>
    Effect.fail(new CapabilityUnsupportedError({ capability, provider: "cloudflare" }));

  const restoreInto = Effect.fnUntraced(function* (client: CloudflareSandboxClient, snapshot: string) {
    const backup = yield* Effect.mapError(decodeBackup(snapshot), unreachable);
    yield* attempt(() => client.restoreBackup(backup));
  });

  /** Without this a call would wake an empty container under the name of the one that is gone. */
  const requireGeneration = Effect.fnUntraced(function* (name: SandboxName, { generation }: PortRequest) {
    const hosted = yield* attempt(() => findHosted(clientOf(name), name));
    if (hosted?.status !== "ready" || hosted.generation !== generation) {
      return yield* new SandboxInterruptedError({ reason: "The sandbox was restarted or stopped." });
    }
  });

  const requestFor = ({ port, path, init }: PortRequest) => new Request(`http://localhost:${port}${path}`, init);

  return {
    id: "cloudflare",
    capabilities: new Set(hasBackups ? ["snapshot"] : []),
    egressBaseUrl: `http://${cloudflareEgressHost}`,

    ensure: Effect.fn("CloudflareProvider.ensure")(
      function* (name, request) {
        if (request.openCodePassword.length < passwordLengthMin) {
          return yield* new SandboxRequestError({ reason: "OpenCode does not start without a password." });
        }
        const client = clientOf(name);
        const found = yield* attempt(() => findHosted(client, name));
        if (found?.generation === request.generation && found.status === "ready") return found;
        if (yield* attempt(() => isContainerUp(client))) yield* attempt(() => client.destroy());
        if (request.restoreFrom !== undefined) yield* restoreInto(client, request.restoreFrom);
        return yield* attempt(() => startOpenCode(client, name, request));
      },
      Effect.timeoutOrElse({ duration: startTimeout, orElse: () => Effect.fail(unreachable("timeout")) }),
    ),
    info: (name) => attempt(() => findHosted(clientOf(name), name)),
    destroy: (name) => attempt(() => clientOf(name).destroy()),

    // A container has no right to make a copy in front of its files.
    trial: () => unsupported("trial"),
    exec: Effect.fn("CloudflareProvider.exec")(function* (name, { argv, cwd, env, stdin, timeoutMs }) {
      const limitMs = timeoutMs ?? execTimeoutMsDefault;
      const result = yield* attempt(() =>
        clientOf(name).exec(shellCommand({ argv, stdin, timeoutMs: limitMs }), {
          cwd: cwd ?? workspacePath,
          ...(env === undefined ? {} : { env }),
        }),
      );
      const { exitCode, stdout, stderr, duration } = yield* Effect.mapError(decodeRan(result), unreachable);
      return {
        exitCode,
        stdout: cut(stdout),
        stderr: cut(stderr),
        isTruncated: stdout.length > outputBytesMax || stderr.length > outputBytesMax,
        isTimedOut: exitCode === timedOutExitCode && duration >= limitMs,
        durationMs: duration,
      };
    }),

    ...makeCloudflareFiles(clientOf),

    fetchPort: Effect.fn("CloudflareProvider.fetchPort")(function* (name, request) {
      yield* requireGeneration(name, request);
      return yield* attempt(() => clientOf(name).containerFetch(requestFor(request), request.port));
    }),
    connectPort: Effect.fn("CloudflareProvider.connectPort")(function* (name, request) {
      yield* requireGeneration(name, request);
      const upgrade = requestFor(request);
      upgrade.headers.set("upgrade", "websocket");
      const { webSocket } = yield* attempt(() => clientOf(name).wsConnect(upgrade, request.port));
      return webSocket ?? (yield* unreachable("no upgrade"));
    }),

    // What leaves a container is decided request by request, so that there is nothing to tell it.
    reconsiderEgress: () => Effect.void,

    tellSecret: () => unsupported("tell"),
    snapshot: (name) =>
      hasBackups
        ? Effect.map(
            attempt(() => clientOf(name).createBackup({ dir: workspacePath, ttl: snapshotTtlSeconds })),
            (backup) => JSON.stringify(backup),
          )
        : unsupported("snapshot"),
    save: () => unsupported("save"),
    listPoints: () => Effect.succeed([]),
    comparePoint: () => unsupported("save"),
    restore: (name, snapshot) => (hasBackups ? restoreInto(clientOf(name), snapshot) : unsupported("snapshot")),
    recycle: () => unsupported("recycle"),
  };
};
