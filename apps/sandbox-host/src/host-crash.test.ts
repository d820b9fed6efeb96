import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openJailBench } from "./engines/local/jail.testing.ts";
import { sandboxFolders } from "./engines/local/sandbox-folders.ts";
import { ensureBody, sandboxName, startStubGateway, testEnvironment } from "./host.testing.ts";
import { type HostProcess, startProcess } from "./host-process.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const bench = await requireSandboxes(() =>
  openJailBench({ memoryMib: 512, pids: 64, cpus: 1, tmpfsMib: 16, fileMib: 16 }),
);
const gateway = await startStubGateway();

const rounds = Number(process.env.THREADBOX_CRASHES ?? 1);
const seed = Number(process.env.THREADBOX_CRASH_SEED ?? Date.now() % 1e9);
const roundMsMax = 600_000;
/** About as many as a save makes. */
const changesMax = 40;

/** Mulberry32, from 0 up to, and without, `below`. */
const randomOf = (from: number) => {
  let state = from >>> 0;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

/** Resolves at the so-manieth change in a folder and below, or when there is nothing to wait for any more. */
const waitForChanges = async (folder: string, count: number, over: Promise<unknown>): Promise<void> => {
  const abort = new AbortController();
  over.then(
    () => abort.abort(),
    () => abort.abort(),
  );
  let seen = 0;
  try {
    for await (const _ of fs.watch(folder, { recursive: true, signal: abort.signal })) {
      seen += 1;
      if (seen >= count) return;
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
};

describe.skipIf(bench === undefined)("a host that is killed", () => {
  afterAll(async () => {
    await bench?.close();
    await gateway.close();
  });

  test(
    `while it saves or brings back loses nothing that it said was saved (THREADBOX_CRASH_SEED=${seed})`,
    async () => {
      const random = randomOf(seed);
      const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-crash-"));
      const snapshots = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-crash-snapshots-"));
      onTestFinished(async () => {
        await fs.rm(state, { recursive: true, force: true });
        await fs.rm(snapshots, { recursive: true, force: true });
      });
      const environment = {
        ...testEnvironment(state, gateway.url),
        SANDBOX_SNAPSHOTS: snapshots,
        SANDBOX_SNAPSHOT_KEY: "key-of-the-snapshots-0123456789abcdef",
        SANDBOX_DISK_MIB: "256",
      };
      const name: SandboxName = sandboxName();
      const { kept } = sandboxFolders(state, name);
      let generation = 0;
      const start = (host: HostProcess): Promise<unknown> => {
        generation += 1;
        return host.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(generation) });
      };
      const kill = async (host: HostProcess): Promise<void> => {
        host.child.kill("SIGKILL");
        await host.ended;
      };
      const save = async (host: HostProcess): Promise<boolean> => {
        const point = { method: "POST", body: JSON.stringify({ cause: "turn" }) };
        const answer = await host.json(`/sandboxes/${name}/snapshots`, point).catch(() => ({}));
        return "id" in Object(answer);
      };
      const numbersIn = async (host: HostProcess): Promise<readonly number[]> =>
        (await host.exec(name, ["sh", "-c", "ls | grep -v random; true"])).stdout
          .split("\n")
          .filter(Boolean)
          .map(Number);

      const acknowledged = new Set<number>();
      for (let round = 0; round < rounds; round += 1) {
        const saver = await startProcess(environment);
        expect(await start(saver)).toMatchObject({ status: "ready" });
        const bytes = 1 + random(20_000_000);
        const write = `head -c ${bytes} /dev/urandom >random${round % 3}; echo whole >${round}`;
        expect(await saver.exec(name, ["sh", "-c", write])).toMatchObject({ exitCode: 0 });
        const saving = save(saver);
        await waitForChanges(snapshots, 1 + random(changesMax), saving);
        await kill(saver);
        if (await saving) for (let each = 0; each <= round; each += 1) acknowledged.add(each);

        // The disks are there: what was written is there, saved or not.
        const keeper = await startProcess(environment);
        expect(await start(keeper)).toMatchObject({ status: "ready" });
        expect(new Set(await numbersIn(keeper))).toEqual(new Set(Array.from({ length: round + 1 }, (_, each) => each)));
        expect(await save(keeper), "a killed save keeps no later one out").toBe(true);
        for (let each = 0; each <= round; each += 1) acknowledged.add(each);
        await kill(keeper);

        // The disks are lost, and the host is killed while it brings them back.
        await fs.rm(kept, { recursive: true });
        const restorer = await startProcess(environment);
        const starting = start(restorer).catch(() => undefined);
        await waitForChanges(path.dirname(kept), 1 + random(4), starting);
        await kill(restorer);
        await starting;
        const last = await startProcess(environment);
        expect(await start(last)).toMatchObject({ status: "ready" });
        expect(await numbersIn(last)).toEqual(expect.arrayContaining([...acknowledged]));
        await kill(last);
      }
    },
    roundMsMax * rounds,
  );
});
