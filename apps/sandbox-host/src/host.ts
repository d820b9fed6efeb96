import * as fs from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { chooseEngine } from "./engines/choose-engine.ts";
import type { SandboxEngine } from "./engines/engine.ts";
import { bearerCheck } from "./http/bearer.ts";
import { createHostServer } from "./http/server.ts";
import { guardDisk } from "./sandboxes/disk-guard.ts";
import { EndNotices } from "./sandboxes/end-notices.ts";
import { fileEndRecords } from "./sandboxes/end-records.ts";
import { fileGenerationStore } from "./sandboxes/generation-store.ts";
import { idleShares } from "./sandboxes/idle-share.ts";
import { NapNotices } from "./sandboxes/nap-notices.ts";
import { openPool } from "./sandboxes/open-pool.ts";
import { freeRoomOf, QuotaGuard } from "./sandboxes/quota-guard.ts";
import { SandboxRegistry } from "./sandboxes/registry.ts";
import { repeat } from "./sandboxes/repeat.ts";
import { Rest } from "./sandboxes/rest.ts";
import { withWarmPool } from "./sandboxes/warm-pool.ts";
import { workerEar } from "./sandboxes/worker-ear.ts";
import { lockState } from "./state-lock.ts";

/** A running sandbox host. */
export interface SandboxHost {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What new workspaces are kept on. */
  readonly disks: SandboxEngine["disks"];
  /** Ends every sandbox, saves what ran, for so many milliseconds at most (5,000), and stops listening. */
  close(lastSavesMs?: number): Promise<void>;
}

const closeGraceMs = 1_000;
/** Less than a machine that goes down waits for its processes. */
const lastSavesMsMax = 5_000;

/** Saves what ran a moment ago, as far as that is done in time. */
const saveLast = async (engine: SandboxEngine, names: readonly SandboxName[], msMax: number): Promise<void> => {
  const saved = Promise.allSettled(names.map((name) => engine.save(name, { cause: "stop" })));
  await Promise.race([saved, setTimeout(msMax, undefined, { ref: false })]);
  await engine.abandonSaves();
  await saved;
};

/** A small file takes at least some microseconds, so that a look comes before many are too many. */
const quotaLookMs = 250;
const diskLookMs = 2_000;

/** Watches what running sandboxes put on the disk. Returns the end of it. */
const watchDisks = (
  config: Config,
  engine: SandboxEngine,
  registry: SandboxRegistry,
  log: Logger,
): (() => Promise<unknown>) => {
  const free = () => freeRoomOf(config.stateDirectory);
  const present = () => registry.list().filter(({ status }) => status === "starting" || status === "ready");
  const stop = (name: SandboxName, reason: string) => registry.fail(name, reason);
  const quota = new QuotaGuard({
    limits: config.diskLimits,
    free,
    sandboxes: present,
    count: (name) => engine.countFolders(name),
    stop,
    now: () => performance.now(),
    log,
  });
  const lookAtDisk = () =>
    guardDisk({
      reserveBytes: config.diskReserveMib * 1024 * 1024,
      freeBytes: async () => (await free()).bytes,
      sandboxes: () => present().map(({ name }) => ({ name, measure: () => engine.measureFiles(name) })),
      stop,
      log,
    });
  const onError = (error: unknown) =>
    log.error({ event: "disk.guard_failed", err: error }, "the disk was not looked at");
  const ends = [repeat(quotaLookMs, () => quota.look(), onError), repeat(diskLookMs, lookAtDisk, onError)];
  return () => Promise.all(ends.map((end) => end()));
};

const restLookMsMax = 5_000;

/** Has sandboxes nap that are not used, and makes room where memory runs short. Returns the end of it. */
const watchRest = (
  config: Config,
  registry: SandboxRegistry,
  relieveFirst: () => Promise<boolean>,
  log: Logger,
  now: () => number,
): (() => Promise<unknown>) => {
  const { napAfterMs, memoryReserveMib } = config;
  const rest = new Rest({
    napAfterMs,
    memoryReserveBytes: memoryReserveMib * 1024 * 1024,
    freeMemoryBytes: process.availableMemory,
    relieveFirst,
    starts: () => registry.starts(),
    sleep: (name, reason) => registry.sleep(name, reason),
    now,
    log,
  });
  const everyMs = Math.min((napAfterMs ?? restLookMsMax) / 4, restLookMsMax);
  return repeat(
    everyMs,
    () => rest.look(),
    (error) => log.error({ event: "rest.failed", err: error }, "sandboxes were not looked after"),
  );
};

export interface HostMachine {
  /** Milliseconds; decides what counts as idle. */
  readonly now?: () => number;
  /** The part of the machine's processor time that was left since the last call, 0 to 1. */
  readonly idleShare?: () => number;
}

/** Cleans up after an earlier process, then listens on 127.0.0.1. */
export const startSandboxHost = async (
  config: Config,
  log: Logger,
  { now = () => performance.now(), idleShare = idleShares() }: HostMachine = {},
): Promise<SandboxHost> => {
  await fs.mkdir(config.stateDirectory, { recursive: true, mode: 0o700 });
  const releaseState = await lockState(config.stateDirectory);
  const engine = await chooseEngine(config, log);
  await engine.reap();
  const ends = new EndNotices({
    records: fileEndRecords(config.stateDirectory),
    send: config.endsUrl === undefined ? null : workerEar(config.endsUrl, config.token),
    log,
  });
  await ends.recover();
  const naps = new NapNotices({
    send: config.endsUrl === undefined ? null : workerEar(new URL("naps", config.endsUrl), config.token),
    log,
  });
  const warm = openPool(config, engine, { threads: () => registry.threads(), idleShare, log });
  const registry = new SandboxRegistry({
    engine: warm === undefined ? engine : withWarmPool(engine, warm.pool),
    naps,
    generations: fileGenerationStore(config.stateDirectory),
    ends,
    runningMax: config.runningMax,
    log,
    now,
  });
  const unwatchDisks = watchDisks(config, engine, registry, log);
  const unwatchRest = watchRest(config, registry, async () => warm?.pool.relieve() ?? false, log, now);
  const server = createHostServer({
    engine,
    registry,
    warm: warm && (() => warm.pool.size),
    checkBearer: bearerCheck(config.token),
    log,
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(config.port, "127.0.0.1", () => {
      server.off("error", fail);
      done();
    });
  });
  // From now on an error is a connection that could not be taken, and no reason to end.
  server.on("error", (error) => log.error({ event: "connection.not_taken", err: error }, "a connection was not taken"));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  log.info(
    {
      event: "host.ready",
      url,
      engine: engine.kind,
      disks: engine.disks,
      runningMax: config.runningMax,
      warm: config.warmSize,
    },
    "the sandbox host is ready",
  );
  return {
    url,
    disks: engine.disks,
    close: async (lastSavesMs = lastSavesMsMax) => {
      const unwatched = Promise.all([unwatchDisks(), unwatchRest()]);
      const closed = new Promise<void>((done) => server.close(() => done()));
      const running = registry.list().filter(({ status }) => status === "ready");
      await Promise.all([registry.close(), warm?.close()]);
      await unwatched;
      await saveLast(
        engine,
        running.map(({ name }) => name),
        lastSavesMs,
      );
      await Promise.all([ends.close(), naps.close()]);
      server.closeAllConnections();
      // A WebSocket whose other end is silent would hold the server open for half a minute.
      await Promise.race([closed, setTimeout(closeGraceMs, undefined, { ref: false })]);
      await releaseState();
    },
  };
};
