import { SandboxName, UserId } from "@threadbox/contracts/ids";
import type { SandboxProjection, SandboxProviderId } from "@threadbox/contracts/sandbox";
import { Effect, Layer, ManagedRuntime, Redacted } from "effect";
import { TestClock } from "effect/testing";
import { WorkerConfig, type WorkerConfigShape } from "../../config.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { ConvexClient, ConvexUnavailableError } from "../../platform/convex-client.ts";
import type { JournalDebt } from "../../platform/journal-outbox.ts";
import { Metrics } from "../../platform/metrics/metrics.ts";
import type { Measure } from "../../platform/metrics/series.ts";
import { memoryOutboxRows } from "../../platform/outbox.testing.ts";
import { CopyError, WorkspaceCopies } from "../sync/index.ts";
import { AccessUnknownError } from "../threads/access.ts";
import { ThreadAccess } from "../threads/index.ts";
import { SandboxLifecycle, type SandboxLifecycleShape, sandboxLifecycleLayer } from "./lifecycle.ts";
import { makeLocalProvider } from "./local-provider.ts";
import type { Origin } from "./origin.ts";
import { SandboxProvider } from "./provider.ts";
import type { SandboxRecord } from "./record.ts";
import { StartPlan } from "./start-plan.ts";
import { SandboxStore } from "./store.ts";
import { StubSandboxHost } from "./stub-host.testing.ts";

const hostToken = "control-channel-token";

export const testConfig = (more: Partial<WorkerConfigShape> = {}): WorkerConfigShape => ({
  appOrigin: "http://threadbox.localhost:3000",
  convexUrl: "http://convex.test",
  viewBaseOrigin: "http://sbx.threadbox.localhost:8787",
  accessTokens: { issuer: "http://identity.test", jwksUrl: "http://identity.test/jwks", audience: null },
  threadTokenJwks: "{}",
  serviceTokenPrivateJwk: Redacted.make("{}"),
  sandboxCredentialKey: Redacted.make(new Uint8Array(32).fill(1)),
  sandboxNameKey: Redacted.make(new Uint8Array(32).fill(2)),
  vaultKeys: Redacted.make("{}"),
  sandboxIdleMs: 15 * 60_000,
  apiToken: null,
  metricsToken: null,
  collector: null,
  codemodeKey: null,
  sandboxes: {
    provider: "local",
    host: { hostUrl: "http://host.test", hostToken: Redacted.make(hostToken) },
    cloudflare: { enabled: false, workerUrl: null },
  },
  openAi: { issuerUrl: "http://openai.test", codexUrl: "http://openai.test" },
  ownModels: { openAiUrl: "http://openai-api.test/v1", anthropicUrl: "http://anthropic-api.test/v1", hosts: [] },
  namedHosts: { egress: [], all: [] },
  model: null,
  ...more,
});

/** A lifecycle over a stub host, with Convex, the store and the clock in the test's hands. */
export const makeLifecycleUnderTest = () => {
  const host = new StubSandboxHost(hostToken);
  const world = {
    host,
    record: null as SandboxRecord | null,
    origin: null as Origin | null,
    provider: null as SandboxProviderId | null,
    alarmAt: null as number | null,
    access: true as boolean | "unknown",
    reports: [] as SandboxProjection[],
    journal: [] as JournalDebt[],
    isConvexDown: false,
    setAside: [] as string[],
    measures: [] as Measure[],
    /** How it stands with the copy in the bucket: none, or what was done to it. */
    copy: null as null | { syncs: number; isFailing: boolean },
  };
  const config = testConfig();
  const layer = sandboxLifecycleLayer.pipe(
    Layer.provide([
      Layer.succeed(WorkerConfig, config),
      Layer.succeed(
        SandboxProvider,
        makeLocalProvider({ hostUrl: "http://host.test", hostToken: Redacted.make(hostToken) }, host.fetch),
      ),
      Layer.succeed(ThreadAccess, {
        ownerOf: () => Effect.succeed(UserId.make("owner")),
        mayOpenOpenCode: () => Effect.die("not used"),
        isGranted: () =>
          world.access === "unknown" ? Effect.fail(new AccessUnknownError()) : Effect.succeed(world.access),
      }),
      Layer.succeed(ConvexClient, {
        query: () => Effect.die("The lifecycle asks nothing but access."),
        mutation: (path, args) =>
          world.isConvexDown
            ? Effect.fail(new ConvexUnavailableError({ path, cause: "down" }))
            : Effect.sync(() => {
                if (path === "journal:append") world.journal.push(args as JournalDebt);
                else world.reports.push(args as SandboxProjection);
                return true;
              }),
      }),
      Layer.succeed(WorkspaceCopies, {
        has: () => Effect.sync(() => world.copy !== null),
        sync: () =>
          Effect.suspend(() => {
            if (world.copy === null) return Effect.die("nobody asked for a copy");
            if (world.copy.isFailing) return Effect.fail(new CopyError());
            world.copy.syncs += 1;
            return Effect.succeed({ files: 1, bytes: 7, uploaded: 0, removed: 0, skipped: 0 });
          }),
        remove: () =>
          Effect.sync(() => {
            world.copy = null;
          }),
      }),
      Layer.succeed(Metrics, {
        note: (...measures) => Effect.sync(() => void world.measures.push(...measures)),
        read: Effect.die("not used"),
      }),
      Layer.succeed(AuditTrail, {
        append: () => Effect.void,
        refuse: () => Effect.void,
        setAside: (_, { row }) => Effect.sync(() => void world.setAside.push(row.path)),
        counts: Effect.die("not used"),
      }),
      Layer.succeed(StartPlan, {
        common: [
          ({ egressBaseUrl, credential }) =>
            Effect.succeed({
              environment: { RELAY: egressBaseUrl, CREDENTIAL: credential },
            }),
        ],
        own: [],
      }),
      Layer.succeed(SandboxStore, {
        outboxRows: memoryOutboxRows(),
        read: () => world.record,
        write: (record) => {
          world.record = record;
        },
        readOrigin: () => world.origin,
        writeOrigin: (origin) => {
          world.origin = origin;
        },
        readProvider: () => world.provider,
        writeProvider: (provider) => {
          world.provider = provider;
        },
        scheduleUpkeep: (at) => {
          world.alarmAt = at;
        },
      }),
    ]),
    Layer.provideMerge(TestClock.layer()),
  );
  const runtime = ManagedRuntime.make(layer);
  const run = <A, E>(use: (lifecycle: SandboxLifecycleShape) => Effect.Effect<A, E>): Promise<A> =>
    runtime.runPromise(SandboxLifecycle.use(use));
  return {
    world,
    run,
    /** The tag of the failure, or "success". */
    outcome: <A, E extends { readonly _tag: string }>(use: (lifecycle: SandboxLifecycleShape) => Effect.Effect<A, E>) =>
      run((lifecycle) =>
        Effect.match(use(lifecycle), { onSuccess: () => "success", onFailure: (error) => error._tag }),
      ),
    /** Lets time pass and, as the platform does, rings every alarm that falls due on the way. */
    pass: async (milliseconds: number) => {
      const clock = await runtime.runPromise(TestClock.testClockWith((testClock) => Effect.succeed(testClock)));
      const until = clock.currentTimeMillisUnsafe() + milliseconds;
      while (world.alarmAt !== null && world.alarmAt <= until) {
        const at = world.alarmAt;
        world.alarmAt = null;
        await runtime.runPromise(TestClock.setTime(at));
        await run((lifecycle) => lifecycle.upkeep);
      }
      await runtime.runPromise(TestClock.setTime(until));
    },
    /** Waits until Convex has seen the newest state. */
    reported: async (): Promise<readonly SandboxProjection["status"][]> => {
      await run((lifecycle) => lifecycle.drainReports);
      return world.reports.map(({ status }) => status);
    },
  };
};

export const running = ({ sandboxes }: StubSandboxHost) =>
  [...sandboxes].map(([name, { generation }]) => ({ name: SandboxName.make(name), generation }));
