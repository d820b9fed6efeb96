import { Generation } from "@threadbox/contracts/ids";
import { Effect, Redacted } from "effect";
import fc from "fast-check";
import { decodeJwt, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { newThreadId, signToken } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest, running, testConfig } from "./lifecycle.testing.ts";
import { someName } from "./provider.contract.testing.ts";
import { nextStart, type SandboxRecord, withStatus } from "./record.ts";
import { signSandboxCredential, verifySandboxCredential } from "./sandbox-credential.ts";
import { sandboxNameOf } from "./sandbox-name.ts";
import { refuse } from "./stub-host.testing.ts";
import { dueSteps, nextAlarmAt, threadLookMs, upkeepIntervalMs, workspaceGraceMs } from "./upkeep.ts";

const threadId = newThreadId();
const firstStart = { leap: 1, cause: "need" } as const;
const someSandbox = someName("c");
const minute = 60_000;
const startsOf = ({ world }: ReturnType<typeof makeLifecycleUnderTest>) =>
  world.host.requests.filter(({ method }) => method === "PUT").length;

describe("the first need starts the sandbox", () => {
  test("any number of callers at once share one start and one generation", async () => {
    const it = makeLifecycleUnderTest();
    const started = await it.run((sandbox) =>
      Effect.all(
        Array.from({ length: 10 }, () => sandbox.ensure(threadId)),
        { concurrency: "unbounded" },
      ),
    );
    expect(startsOf(it)).toBe(1);
    expect(new Set(started.map(({ generation, password }) => `${generation} ${password}`)).size).toBe(1);
    expect(await it.reported()).toEqual(["starting", "ready"].slice(-it.world.reports.length));
  });

  test("a running sandbox is handed out again without a start", async () => {
    const it = makeLifecycleUnderTest();
    const first = await it.run((sandbox) => sandbox.ensure(threadId));
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toEqual(first);
    expect(startsOf(it)).toBe(1);
  });

  test("every start has a password of its own, of 32 random bytes, and the box gets a credential of its generation", async () => {
    const it = makeLifecycleUnderTest();
    const first = await it.run((sandbox) => sandbox.ensure(threadId));
    await it.run((sandbox) => sandbox.restart(threadId));
    const second = await it.run((sandbox) => sandbox.ensure(threadId));
    expect(second.password).not.toBe(first.password);
    expect(second.password).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const [{ request } = { request: {} as Record<string, unknown> }] = [...it.world.host.sandboxes.values()];
    expect(request.openCodePassword).toBe(second.password);
    const { RELAY, CREDENTIAL = "" } = request.environment as Record<string, string>;
    expect(RELAY).toBe("http://127.0.0.1:8787");
    expect(decodeJwt(CREDENTIAL)).toMatchObject({ thread_id: threadId, generation: 2 });
    expect(JSON.stringify(request.environment)).not.toContain(second.password);
  });

  test("a sandbox that vanished is replaced by the next generation, never by the same one", async () => {
    const it = makeLifecycleUnderTest();
    const first = await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.host.sandboxes.clear();
    const second = await it.run((sandbox) => sandbox.ensure(threadId));
    expect([first.generation, second.generation]).toEqual([1, 2]);
  });

  test("a thread sandbox that lost its memory passes the generations that the host remembers", async () => {
    const it = makeLifecycleUnderTest();
    for (let start = 0; start < 9; start += 1) await it.run((sandbox) => sandbox.restart(threadId));
    it.world.record = null;
    const { generation } = await it.run((sandbox) => sandbox.ensure(threadId));
    expect(generation).toBeGreaterThan(9);
    expect(running(it.world.host)).toMatchObject([{ generation }]);
  });

  test("a start that fails is said so, and the next attempt takes a new generation", async () => {
    const it = makeLifecycleUnderTest();
    it.world.host.override = () => Promise.reject(new Error("connection refused"));
    expect(await it.outcome((sandbox) => sandbox.ensure(threadId))).toBe("SandboxUnavailableError");
    expect(it.world.record).toMatchObject({
      status: "failed",
      reason: "Can't reach the sandbox service.",
      password: "",
    });
    it.world.host.override = null;
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 2 });
  });

  test("a host that answers `starting` is asked again until OpenCode is ready", async () => {
    const it = makeLifecycleUnderTest();
    it.world.host.override = (request) => {
      if (request.method !== "PUT") return null;
      it.world.host.override = null;
      void it.world.host.fetch(request.clone());
      const name = new URL(request.url).pathname.split("/").at(-1);
      return Response.json({ name, generation: 1, status: "starting", reason: "Starting OpenCode." });
    };
    const started = it.run((sandbox) => sandbox.ensure(threadId));
    await expect.poll(() => it.world.host.requests.length).toBeGreaterThan(1);
    await it.pass(1000);
    expect(await started).toMatchObject({ generation: 1 });
  });
});

test("S4.58a S4.58b: a first start is counted, a waking is timed, and a restart is neither", async () => {
  const it = makeLifecycleUnderTest();
  await it.run((sandbox) => sandbox.ensure(threadId));
  await it.run((sandbox) => sandbox.restart(threadId));
  const started = { kind: "count", name: "sandbox.starts" };
  expect(it.world.measures).toEqual([
    started,
    { kind: "count", name: "sandbox.created" },
    { kind: "value", name: "sandbox.create_latency", value: expect.any(Number) },
    started,
  ]);
  await it.pass(15 * minute);
  await it.run((sandbox) => sandbox.ensure(threadId));
  expect(it.world.measures.slice(4)).toEqual([
    started,
    { kind: "value", name: "sandbox.wake_latency", value: expect.any(Number) },
  ]);
});

test.each([
  [true, "sandbox.warm_hits"],
  [false, "sandbox.warm_misses"],
])("a start that a sandbox of beforehand could have met is counted by whether one has (%s)", async (wasWarm, name) => {
  const it = makeLifecycleUnderTest();
  it.world.host.wasWarm = wasWarm;
  await it.run((sandbox) => sandbox.ensure(threadId));
  expect(it.world.measures).toContainEqual({ kind: "count", name });
});

test("a start that fails is counted as that alone", async () => {
  const it = makeLifecycleUnderTest();
  it.world.host.override = ({ method }) => (method === "PUT" ? refuse("SandboxUnavailable") : null);
  await it.outcome((sandbox) => sandbox.ensure(threadId));
  expect(it.world.measures).toEqual([{ kind: "count", name: "sandbox.start_failures" }]);
});

test("S4.58d S4.58e: a copy before sleep is timed and weighed, and one that is removed weighs nothing", async () => {
  const it = makeLifecycleUnderTest();
  it.world.copy = { syncs: 0, isFailing: false };
  await it.run((sandbox) => sandbox.ensure(threadId));
  await it.pass(15 * minute);
  it.world.access = false;
  await it.pass(threadLookMs + workspaceGraceMs);
  const level = { kind: "level", name: "r2.storage_bytes", part: threadId };
  expect(it.world.measures.filter(({ name }) => name.startsWith("r2."))).toMatchObject([
    { kind: "value", name: "r2.sync_duration" },
    { ...level, user: "owner", value: 7 },
    { ...level, value: 0 },
  ]);
});

describe("a generation ends", () => {
  test("after a restart the old client is told that it is interrupted, and its credential is worth nothing", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    const old = Generation.make(1);
    expect(await it.run((sandbox) => sandbox.isCurrent(old))).toBe(true);
    expect(await it.run((sandbox) => sandbox.restart(threadId))).toMatchObject({ generation: 2, status: "ready" });
    expect(await it.run((sandbox) => sandbox.isCurrent(old))).toBe(false);
    expect(await it.outcome((sandbox) => sandbox.markActivity(old, "busy"))).toBe("SandboxInterruptedError");
  });

  test("busy and ready follow the turn", async () => {
    const it = makeLifecycleUnderTest();
    const { generation } = await it.run((sandbox) => sandbox.ensure(threadId));
    await it.run((sandbox) => sandbox.markActivity(generation, "busy"));
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "busy" });
    await it.run((sandbox) => sandbox.markActivity(generation, "idle"));
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "ready" });
  });

  test("without activity it falls asleep after the idle time and keeps its workspace; a need wakes it", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.pass(14 * minute);
    expect(running(it.world.host)).toHaveLength(1);
    await it.pass(minute);
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "asleep", generation: 1 });
    expect(running(it.world.host)).toEqual([]);
    expect(it.world.host.workspaces.size).toBe(1);
    await it.pass(minute);
    const hours = ((it.world.alarmAt ?? 0) - 16 * minute) / (60 * minute);
    expect(hours, "a sleeping sandbox costs one look a day").toBeGreaterThan(23);
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 2 });
  });

  test("S4.72: a workspace that was copied to the bucket is copied again before it sleeps, or sleeps without", async () => {
    for (const isFailing of [false, true]) {
      const it = makeLifecycleUnderTest();
      it.world.copy = { syncs: 0, isFailing };
      await it.run((sandbox) => sandbox.ensure(threadId));
      await it.pass(15 * minute);
      expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "asleep" });
      expect(it.world.copy.syncs).toBe(isFailing ? 0 : 1);
    }
  });

  test("activity puts sleep off", async () => {
    const it = makeLifecycleUnderTest();
    const { generation } = await it.run((sandbox) => sandbox.ensure(threadId));
    for (let turn = 0; turn < 4; turn += 1) {
      await it.pass(10 * minute);
      await it.run((sandbox) =>
        turn % 2 === 0 ? sandbox.markActivity(generation, "busy") : sandbox.isCurrent(generation),
      );
    }
    expect(running(it.world.host)).toHaveLength(1);
  });

  test("a death nobody asked for is noticed within a minute", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.host.sandboxes.clear();
    await it.pass(minute);
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "failed" });
  });

  test("a host that is silent for a while costs no state", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.host.override = () => Promise.reject(new Error("connection refused"));
    await it.pass(5 * minute);
    it.world.host.override = null;
    expect(await it.run((sandbox) => sandbox.ensure(threadId))).toMatchObject({ generation: 1 });
  });
});

describe("A15: a thread that may not be used any more", () => {
  test("loses its sandbox within a minute, then its workspace", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.access = false;
    await it.pass(minute);
    expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "destroyed" });
    expect(running(it.world.host)).toEqual([]);
    expect(it.world.host.workspaces.size, "an undo of the deletion finds the files").toBe(1);
    it.world.copy = { syncs: 0, isFailing: false };
    await it.pass(workspaceGraceMs);
    expect(it.world.host.workspaces.size).toBe(0);
    expect(it.world.copy, "what the bucket holds goes too").toBeNull();
    expect(it.world.alarmAt).toBeNull();
  });

  test("whose sandbox sleeps loses its workspace and its copy all the same", async () => {
    for (const hasCopy of [true, false]) {
      const it = makeLifecycleUnderTest();
      await it.run((sandbox) => sandbox.ensure(threadId));
      if (hasCopy) {
        it.world.copy = { syncs: 0, isFailing: false };
        await it.run((sandbox) => sandbox.markCopied);
      }
      await it.pass(15 * minute);
      expect(await it.run((sandbox) => sandbox.find)).toMatchObject({ status: "asleep" });
      await it.pass(2 * threadLookMs);
      expect([it.world.host.workspaces.size, it.world.copy !== null]).toEqual([1, hasCopy]);
      it.world.access = false;
      await it.pass(threadLookMs + workspaceGraceMs);
      expect([it.world.host.workspaces.size, it.world.copy, it.world.alarmAt]).toEqual([0, null, null]);
    }
  });

  test("is deleted in the end, however often the host or the bucket fails meanwhile, and not without a pause", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.copy = { syncs: 0, isFailing: false };
    await it.pass(15 * minute);
    it.world.access = false;
    await it.pass(threadLookMs);
    let deletions = 0;
    it.world.host.override = ({ method, url }) => {
      if (method !== "DELETE" || url.includes("keepWorkspace=true")) return null;
      deletions += 1;
      throw new Error("connection refused");
    };
    await it.pass(workspaceGraceMs + 10 * upkeepIntervalMs);
    expect(deletions).toBeGreaterThan(5);
    expect(deletions).toBeLessThan(15);
    expect([it.world.host.workspaces.size, it.world.copy === null]).toEqual([1, false]);
    it.world.host.override = null;
    await it.pass(upkeepIntervalMs);
    expect([it.world.host.workspaces.size, it.world.copy, it.world.alarmAt]).toEqual([0, null, null]);
  });

  test("gets nothing started", async () => {
    const it = makeLifecycleUnderTest();
    it.world.access = false;
    expect(await it.outcome((sandbox) => sandbox.ensure(threadId))).toBe("SandboxNotFoundError");
    expect(it.world.host.requests).toEqual([]);
  });

  test("comes back with its files when the deletion is undone", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.access = false;
    await it.pass(minute);
    it.world.access = true;
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.pass(2 * workspaceGraceMs);
    expect(it.world.host.workspaces.size).toBe(1);
  });

  test("keeps its sandbox while Convex cannot be asked", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.access = "unknown";
    await it.pass(5 * minute);
    expect(running(it.world.host)).toHaveLength(1);
  });
});

describe("reports to Convex", () => {
  test("are repeated until they arrive, and never overtake one another", async () => {
    const it = makeLifecycleUnderTest();
    it.world.isConvexDown = true;
    await it.run((sandbox) => sandbox.ensure(threadId));
    await it.reported();
    expect(it.world.reports).toEqual([]);
    it.world.isConvexDown = false;
    await it.pass(10_000);
    expect(it.world.reports.at(-1)).toMatchObject({ threadId, status: "ready", generation: 1, provider: "local" });
    const times = it.world.reports.map(({ since }) => since);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test("hold no password", async () => {
    const it = makeLifecycleUnderTest();
    const { password } = await it.run((sandbox) => sandbox.ensure(threadId));
    await it.reported();
    expect(JSON.stringify(it.world.reports)).not.toContain(password);
  });
});

describe("upkeep", () => {
  const anySaves = fc.record(
    {
      revision: fc.nat(1e6),
      savedTo: fc.nat(1e6),
      attempt: fc.record({ at: fc.nat(1e6), occasion: fc.constant("turn" as const) }),
      failures: fc.record({
        since: fc.nat(1e6),
        count: fc.nat(9),
        occasion: fc.constant("turn" as const),
        reason: fc.string(),
        retryAt: fc.nat(1e6),
      }),
    },
    { requiredKeys: ["revision", "savedTo"] },
  );
  const anyRecord = fc
    .record({
      status: fc.constantFrom<SandboxRecord["status"]>(
        "starting",
        "ready",
        "busy",
        "napping",
        "asleep",
        "failed",
        "destroyed",
      ),
      mayHaveGrown: fc.boolean(),
      isGone: fc.boolean(),
      since: fc.nat(1e6),
      activityAt: fc.nat(1e6),
      accessLostAt: fc.option(fc.nat(1e6)),
      saves: anySaves,
    })
    .map(
      (fields): SandboxRecord => ({
        ...nextStart(null, { threadId, name: someSandbox }, "p", 0, firstStart),
        ...fields,
      }),
    );

  test("looks again within a minute while anything runs, and not at all when nothing is left to do", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(2e6), fc.integer({ min: minute, max: 1e6 }), (record, now, idleMs) => {
        const at = nextAlarmAt(record, now, { idleMs, canSave: false, canRecycle: true }, null);
        const isRunningNow = ["starting", "ready", "busy", "napping"].includes(record.status);
        if (isRunningNow) expect((at ?? Number.POSITIVE_INFINITY) - now).toBeLessThanOrEqual(upkeepIntervalMs);
        if (!isRunningNow && record.accessLostAt === null && record.isGone) expect(at).toBeNull();
        if (!isRunningNow && !record.isGone) expect(at).not.toBeNull();
        if (at !== null) expect(at).toBeGreaterThan(now);
      }),
    );
  });

  test("whatever falls due by itself has an alarm that comes in time", () => {
    fc.assert(
      fc.property(
        anyRecord,
        fc.nat(2e6),
        fc.integer({ min: minute, max: 1e6 }),
        fc.boolean(),
        (record, now, idleMs, canSave) => {
          const policy = { idleMs, canSave, canRecycle: canSave };
          expect(nextAlarmAt(record, now, policy, now + 5)).toBeLessThanOrEqual(now + 5);
          const at = nextAlarmAt(record, now, policy, null);
          if (dueSteps(record, now, policy).length > 0) expect(at).not.toBeNull();
        },
      ),
    );
  });

  test("a later state of the same sandbox always carries a later time", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(2e6), (record, now) => {
        expect(withStatus(record, "failed", "x", now).since).toBeGreaterThan(record.since);
        const next = nextStart(record, record, "p", now, firstStart);
        expect(next.generation).toBe(record.generation + 1);
        expect(next.since).toBeGreaterThan(record.since);
      }),
    );
  });
});

describe("the sandbox credential", () => {
  const { sandboxCredentialKey: key, sandboxNameKey } = testConfig();
  const verify = (credential: string) =>
    Effect.runPromise(
      Effect.match(verifySandboxCredential(credential, key), {
        onSuccess: (claims) => claims,
        onFailure: ({ _tag }) => _tag,
      }),
    );
  const claims = { sandbox_name: someSandbox, thread_id: threadId, generation: Generation.make(3), iat: 1_800_000_000 };

  test("names thread and generation to whoever holds the key", async () => {
    expect(await verify(await Effect.runPromise(signSandboxCredential(claims, key)))).toMatchObject(claims);
  });

  test("of another key, of another kind or changed on the way is refused", async () => {
    const good = await Effect.runPromise(signSandboxCredential(claims, key));
    const otherKey = Redacted.make(new Uint8Array(32).fill(9));
    const plain = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .sign(Redacted.value(key));
    const attempts = [
      await Effect.runPromise(signSandboxCredential(claims, otherKey)),
      plain,
      `${good}x`,
      good.replace(/^[^.]+/, btoa('{"alg":"none","typ":"sandbox+jwt"}').replace(/=+$/, "")),
      await signToken(threadId),
      "",
      "x".repeat(100_000),
    ];
    expect(await Promise.all(attempts.map(verify))).toEqual(attempts.map(() => "CredentialInvalidError"));
  });

  test("names of sandboxes do not tell their threads, and depend on the key", async () => {
    const name = await Effect.runPromise(sandboxNameOf(threadId, sandboxNameKey));
    expect(name).toMatch(/^[0-9a-f]{32}$/);
    expect(await Effect.runPromise(sandboxNameOf(threadId, sandboxNameKey))).toBe(name);
    expect(await Effect.runPromise(sandboxNameOf(threadId, key))).not.toBe(name);
  });
});

describe("an end that the host tells of", () => {
  const end = { status: "failed", reason: "OpenCode was killed." } as const;
  const hear = (it: ReturnType<typeof makeLifecycleUnderTest>, generation: number) =>
    it.run((sandbox) => sandbox.hearEnd(Generation.make(generation), end));

  test("is to be told again while the sandbox starts, and counts for its own generation alone", async () => {
    const it = makeLifecycleUnderTest();
    let [letGo, noteAsked] = [() => {}, () => {}];
    const asked = new Promise<void>((resolve) => (noteAsked = resolve));
    const gate = new Promise<null>((resolve) => (letGo = () => resolve(null)));
    it.world.host.override = ({ method }) => {
      if (method !== "PUT") return null;
      noteAsked();
      return gate;
    };
    const starting = it.run((sandbox) => sandbox.ensure(threadId));
    await asked;
    expect(await hear(it, 1)).toBe(false);
    expect(it.world.record).toMatchObject({ status: "starting", generation: 1 });
    letGo();
    await starting;
    expect(await hear(it, 2)).toBe(true);
    expect(it.world.record).toMatchObject({ status: "ready", generation: 1 });
    expect(await hear(it, 1)).toBe(true);
    expect(it.world.record).toMatchObject({ ...end, generation: 1, password: "" });
    expect((await it.reported()).at(-1)).toBe("failed");
    expect(await it.run((sandbox) => sandbox.isCurrent(Generation.make(1)))).toBe(false);
  });

  test("of a thread without a sandbox leaves nothing behind", async () => {
    const it = makeLifecycleUnderTest();
    expect(await hear(it, 1)).toBe(true);
    expect([it.world.record, it.world.alarmAt]).toEqual([null, null]);
  });
});

describe("what Convex is owed", () => {
  test("by a record of before reports had an outbox is delivered, once", async () => {
    const it = makeLifecycleUnderTest();
    const record = nextStart(null, { threadId, name: someSandbox }, "p", 0, firstStart);
    it.world.record = { ...record, status: "failed", isReported: false };
    expect(await it.reported()).toEqual(["failed"]);
    expect(it.world.record).not.toHaveProperty("isReported");
    expect(await it.reported()).toEqual(["failed"]);
  });
});
