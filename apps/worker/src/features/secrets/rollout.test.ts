import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Generation, MessageId, type ThreadId, UserId } from "@threadbox/contracts/ids";
import type { TellSecret, ToldSecret } from "@threadbox/contracts/sandbox-host";
import { secretKeepMsMax } from "@threadbox/contracts/secret-limits";
import { SecretName, type SecretProbe } from "@threadbox/contracts/secrets";
import { Effect, Layer } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { type SandboxClient, SandboxUnavailableError } from "../sandbox/index.ts";
import { openCodeAlone } from "../sandbox/sandbox-client.testing.ts";
import { peekedSandboxes } from "../sandbox/sandboxes.testing.ts";
import type { MasterKeys } from "./master-keys.ts";
import { type ProbeOutcome, SecretProbes } from "./probes.ts";
import { vaultParts } from "./vault-parts.ts";

const keys: MasterKeys = { currentKid: "k", byKid: new Map([["k", new Uint8Array(32).fill(7)]]) };
const name = SecretName.make("DEPLOY_KEY");
const change = { actor: UserId.make("user_admin"), requestId: "r", now: 1_000 };
const probe: SecretProbe = {
  method: "GET",
  url: "https://api.test/me",
  placement: "bearer",
  placedIn: "",
  expectedStatus: 200,
};
const minutes = (count: number) => count * 60_000;

/** A vault over a storage of its own, with sandboxes and a host that answer as the test says. */
class Bench {
  /** What runs, and what each says when it is told. */
  readonly running = new Map<ThreadId, { generation: number; says: ToldSecret | "nothing" }>();
  readonly told: ThreadId[] = [];
  readonly probed: string[] = [];
  probeSays: ProbeOutcome = { isGood: true, words: "Good." };
  now = change.now;
  readonly pushed: TellSecret["current"][] = [];
  readonly parts: ReturnType<typeof vaultParts>;

  constructor(storage: DurableObjectStorage) {
    const sandboxes = peekedSandboxes((threadId) => Effect.sync(() => this.#client(threadId)));
    const probes = Layer.succeed(SecretProbes, {
      run: (_, value) =>
        Effect.sync(() => {
          this.probed.push(String(value));
          return this.probeSays;
        }),
    });
    this.parts = vaultParts(
      storage,
      keys,
      (work) => Effect.runPromise(Effect.provide(work, Layer.mergeAll(sandboxes, probes))),
      { egress: [], all: [] },
      { ownerOf: async () => null, onGiven: () => {}, now: () => this.now },
    );
  }

  #client(threadId: ThreadId): SandboxClient | null {
    const sandbox = this.running.get(threadId);
    if (sandbox === undefined) return null;
    const unused = () => Effect.die("not used");
    return {
      ...openCodeAlone,
      threadId,
      generation: Generation.make(sandbox.generation),
      provider: "local",
      fetch: unused,
      connect: unused,
      markActivity: () => Effect.void,
      tellSecret: ({ current }) => {
        this.told.push(threadId);
        this.pushed.push(current);
        return sandbox.says === "nothing"
          ? Effect.fail(new SandboxUnavailableError({ reason: "Silent." }))
          : Effect.succeed(sandbox.says);
      },
    };
  }

  async create(more: { readonly probe?: SecretProbe; readonly usage?: "env" | "egress" } = {}) {
    return this.parts.keeper.create(
      { name, scope: { kind: "all" }, usage: "env", hosts: ["api.test"], value: "one", reason: "First.", ...more },
      change,
    );
  }

  rotate(id: Awaited<ReturnType<Bench["create"]>>, expectedVersion: number, more: object = {}) {
    const wish = { value: `value-${expectedVersion + 1}`, reason: "Rotated.", expectedVersion, overlapMinutes: 60 };
    return this.parts.keeper.rotate(id, { ...wish, endsWhenAcknowledged: true, ...more }, change);
  }

  /** A sandbox reads it, as that generation of a thread of its own. */
  async read(threadId = newThreadId(), generation = 1, kind: "sandbox" | "gateway" = "sandbox") {
    const wish = { name, usage: "env", host: null, requestId: "r", now: this.now } as const;
    await this.parts.keeper.lease({ ...wish, kind, threadId, generation: Generation.make(generation) });
    return threadId;
  }

  async drive() {
    return this.parts.rollouts.drive(() => this.now);
  }

  view(id: Awaited<ReturnType<Bench["create"]>>) {
    return this.parts.view.get(id, this.now);
  }
  states(id: Awaited<ReturnType<Bench["create"]>>) {
    return this.view(id).versions.map(({ version, state }) => `${version} ${state}`);
  }
}

let serial = 0;
const onBench = (work: (bench: Bench) => Promise<void>) => {
  serial += 1;
  const vault = env.VAULT.getByName(`vault-of-a-rollout-${serial}`);
  return runInDurableObject(vault, (_, { storage }) => work(new Bench(storage)));
};

describe("a new value with a probe", () => {
  test("is handed out to nobody before its host has taken it, and then the one before has its overlap", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      await bench.parts.rolloutKeeper.setProbe(id, probe, change);
      await bench.rotate(id, 1, { overlapMinutes: 5, endsWhenAcknowledged: false });
      expect(bench.states(id)).toEqual(["2 checking", "1 active"]);
      const threadId = await bench.read();
      expect(bench.view(id).holders).toMatchObject([{ threadId, version: 1 }]);
      await bench.drive();
      expect(bench.states(id)).toEqual(["2 active", "1 overlap"]);
      expect(bench.view(id).versions).toMatchObject([
        { checked: "Good." },
        { endsWhenAcknowledged: false, overlapUntil: change.now + minutes(5) },
      ]);
    }));

  test("that its host refuses ends by itself and says why, and the one before stays in force", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      await bench.parts.rolloutKeeper.setProbe(id, probe, change);
      await bench.rotate(id, 1, { overlapMinutes: 0 });
      bench.probeSays = { isGood: false, words: "api.test answered 401 in place of 200." };
      await bench.drive();
      expect(bench.states(id)).toEqual(["2 revoked", "1 active"]);
      expect(bench.view(id)).toMatchObject({ minVersion: 1, versions: [{ checked: bench.probeSays.words }, {}] });
      const { rows } = await bench.parts.view.audit(null, 10);
      expect(rows[0]).toMatchObject({ action: "secret.check_failed", actor: "vault", reason: bench.probeSays.words });
      expect(JSON.stringify([rows, bench.view(id)])).not.toContain("value-2");
      await bench.rotate(id, 2, { endsWhenAcknowledged: false });
      bench.probeSays = { isGood: true, words: "Good." };
      await bench.drive();
      expect(bench.states(id)).toEqual(["3 active", "2 revoked", "1 overlap"]);
    }));

  test("is the only one that is checked, and can't be ended meanwhile", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      await bench.parts.rolloutKeeper.setProbe(id, probe, change);
      await bench.rotate(id, 1);
      await expect(bench.rotate(id, 2)).rejects.toMatchObject({ refusal: "checking" });
      const end = bench.parts.ender.revoke(id, { version: 2, reason: "No." }, change);
      await expect(end).rejects.toMatchObject({ refusal: "checking" });
      await Promise.all([bench.drive(), bench.drive()]);
      expect(bench.probed).toHaveLength(1);
    }));

  test("keeps its secret at the host where it is tried, whose other hosts may change", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      await bench.parts.rolloutKeeper.setProbe(id, probe, change);
      const setHosts = (hosts: readonly string[], expectedHosts = bench.view(id).hosts) =>
        bench.parts.rolloutKeeper.setHosts(id, { hosts, expectedHosts, reason: "Moved." }, change);
      await expect(setHosts(["other.test"])).rejects.toMatchObject({ refusal: "probeElsewhere" });
      await expect(setHosts(["api.test"], ["older.test"])).rejects.toMatchObject({ refusal: "conflict" });
      await setHosts(["api.test", "other.test", "other.test"]);
      expect(bench.view(id).hosts).toEqual(["api.test", "other.test"]);
      const { rows } = await bench.parts.view.audit(null, 1);
      expect(rows).toMatchObject([{ action: "secret.hosts_changed", reason: "api.test, other.test: Moved." }]);
    }));

  test("goes to one of the secret's own hosts, and to no other", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      for (const url of ["https://evil.test/", "https://api.test:8443/", "https://api.test.evil.test/"])
        await expect(bench.parts.rolloutKeeper.setProbe(id, { ...probe, url }, change)).rejects.toMatchObject({
          refusal: "probeElsewhere",
        });
      const header = { ...probe, placement: "header" } as const;
      await expect(bench.parts.rolloutKeeper.setProbe(id, header, change)).rejects.toMatchObject({
        refusal: "probeUnplaced",
      });
    }));
});

describe("the version before", () => {
  test("ends by itself once every sandbox that had it has acknowledged the new one, and not before", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      const [first, second] = [await bench.read(), await bench.read()];
      bench.running.set(first, { generation: 1, says: { outcome: "acknowledged", version: 2 } });
      bench.running.set(second, { generation: 1, says: "nothing" });
      await bench.rotate(id, 1);
      expect(await bench.drive()).toBe(bench.now + 5_000);
      expect(bench.states(id)).toEqual(["2 active", "1 overlap"]);
      expect(bench.view(id).holders).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ threadId: first, version: 2, reach: "told" }),
          expect.objectContaining({ threadId: second, version: 1, reach: "failed" }),
        ]),
      );
      bench.running.set(second, { generation: 1, says: { outcome: "acknowledged", version: 2 } });
      expect(await bench.drive()).toBeNull();
      expect(bench.states(id)).toEqual(["2 active", "1 revoked"]);
      expect(bench.view(id).minVersion).toBe(2);
      expect(bench.told).toEqual([first, second, second]);
      const { rows } = await bench.parts.view.audit(null, 10);
      expect(rows[0]).toMatchObject({ action: "secret.revoked", reason: "Everyone who had it has version 2." });
    }));

  test("waits for nobody who was restarted or was ended", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      const [asleep, restarted] = [await bench.read(), await bench.read()];
      bench.running.set(restarted, { generation: 2, says: "nothing" });
      await bench.rotate(id, 1);
      await bench.drive();
      expect(bench.states(id)).toEqual(["2 active", "1 revoked"]);
      expect(bench.view(id).holders).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ threadId: asleep, reach: "ended" }),
          expect.objectContaining({ threadId: restarted, reach: "ended" }),
        ]),
      );
      expect(bench.told).toEqual([]);
    }));

  test("waits for the last request that was given it", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      const wait = new Promise<void>(() => {});
      void bench.parts.uses.watch("use", { secretId: id, version: 1 }, bench.now, wait);
      await bench.rotate(id, 1);
      await bench.drive();
      expect(bench.states(id)).toEqual(["2 active", "1 overlap"]);
      expect(bench.view(id).versions).toMatchObject([{ openUses: 0 }, { openUses: 1 }]);
      bench.parts.uses.end("use");
      await bench.drive();
      expect(bench.states(id)).toEqual(["2 active", "1 revoked"]);
    }));

  test("doesn't end by a claim to have another version than the one in force", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      const threadId = await bench.read();
      bench.running.set(threadId, { generation: 1, says: { outcome: "acknowledged", version: 9 } });
      await bench.rotate(id, 1);
      await bench.drive();
      expect(bench.states(id)).toEqual(["2 active", "1 overlap"]);
      expect(bench.view(id).holders).toMatchObject([{ version: 1, reach: "failed" }]);
    }));

  test("keeps its time where it isn't to end earlier", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      await bench.rotate(id, 1, { endsWhenAcknowledged: false });
      expect(await bench.drive()).toBeNull();
      expect(bench.states(id)).toEqual(["2 active", "1 overlap"]);
    }));

  test("comes back with its value as the newest one, and what followed it ends", () =>
    onBench(async (bench) => {
      const id = await bench.create();
      await bench.rotate(id, 1, { endsWhenAcknowledged: false });
      const back = { expectedVersion: 2, reason: "It fails." };
      await bench.parts.rolloutKeeper.rollBack(id, back, change);
      expect(bench.states(id)).toEqual(["3 active", "2 revoked", "1 revoked"]);
      const [newest, , oldest] = bench.view(id).versions;
      expect(newest?.fingerprint).toBe(oldest?.fingerprint);
      const again = bench.parts.rolloutKeeper.rollBack(id, { ...back, expectedVersion: 3 }, change);
      await expect(again).rejects.toMatchObject({ refusal: "noWayBack" });
    }));
});

test("what a sandbox would be given if it asked goes along with the word, and is known to have gone there", () =>
  onBench(async (bench) => {
    const id = await bench.create();
    const threadId = await bench.read();
    bench.running.set(threadId, { generation: 1, says: { outcome: "acknowledged", version: 2 } });
    await bench.rotate(id, 1);
    bench.now += 1;
    await bench.drive();
    expect(bench.pushed).toEqual([{ value: "value-2", version: 2, expiresAt: bench.now + secretKeepMsMax }]);
    expect(bench.parts.exposures.list(id, 10)).toMatchObject(
      [2, 1].map((version) => ({ version, kind: "sandbox", threadId, host: null })),
    );
    const { rows } = await bench.parts.view.audit(null, 10);
    expect(JSON.stringify(rows)).not.toContain("value-2");
  }));

test("no value goes along where another one counts in that thread, where none may be used, or where it is long", () =>
  onBench(async (bench) => {
    const id = await bench.create();
    const [shadowed, plain] = [await bench.read(), await bench.read()];
    for (const threadId of [shadowed, plain])
      bench.running.set(threadId, { generation: 1, says: { outcome: "dropped", version: null } });
    const own = {
      name,
      scope: { kind: "thread", threadId: shadowed },
      usage: "env",
      value: "own",
      reason: "Own.",
    } as const;
    await bench.parts.keeper.create(own, change);
    await bench.rotate(id, 1, { value: "x".repeat(20_000) });
    await bench.drive();
    expect(bench.pushed).toEqual([undefined, undefined]);
    await bench.read(plain);
    await bench.parts.ender.revoke(id, { version: 2, reason: "Leaked." }, change);
    await bench.drive();
    expect(bench.pushed).toEqual([undefined, undefined, undefined]);
  }));

test("a sandbox that has nothing of a revoked secret any more is no holder of it", () =>
  onBench(async (bench) => {
    const id = await bench.create();
    const threadId = await bench.read();
    bench.running.set(threadId, { generation: 1, says: { outcome: "dropped", version: null } });
    await bench.parts.ender.revoke(id, { version: 1, reason: "Leaked." }, change);
    await bench.drive();
    expect([bench.told, bench.view(id).holders]).toEqual([[threadId], []]);
  }));

test("where each version has gone is known for good: which thread, to which host, since when", () =>
  onBench(async (bench) => {
    const id = await bench.create({ usage: "egress" });
    const threadId = newThreadId();
    const send = (host: string) =>
      bench.parts.keeper.lease({
        ...{ name, usage: "egress", kind: "egress", threadId, generation: Generation.make(1), host },
        ...{ requestId: "r", now: bench.now },
      });
    await send("api.test");
    bench.now += 60_000;
    await send("api.test");
    await bench.rotate(id, 1);
    bench.now += 60_000;
    await send("api.test");
    await expect(send("evil.test")).rejects.toMatchObject({ refusal: "hostRefused" });
    const way = { kind: "egress", threadId, host: "api.test" };
    expect(bench.parts.exposures.list(id, 10)).toEqual([
      { ...way, version: 2, firstAt: change.now + 120_000, lastAt: change.now + 120_000, uses: [] },
      { ...way, version: 1, firstAt: change.now, lastAt: change.now + 60_000, uses: [] },
    ]);
    // Down to the message that was being answered, and the calls that ran in it.
    const messageId = MessageId.make("answer_1");
    const doing = (...ids: readonly string[]) => ({
      messageId,
      calls: ids.map((call) => ({ id: call, tool: "bash" })),
    });
    const note = (...ids: readonly string[]) => {
      bench.now += 1;
      bench.parts.exposures.noteUse(id, { ...way, kind: "egress", version: 2 }, doing(...ids), bench.now);
    };
    note("call_1");
    note("call_1", "call_2");
    note();
    expect(bench.parts.exposures.list(id, 1)[0]?.uses).toMatchObject([
      { messageId, callId: null, tool: null },
      { callId: "call_1", tool: "bash" },
      { callId: "call_2" },
    ]);
  }));
