import * as fs from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { SandboxEngine } from "./engines/engine.ts";
import { localEngine } from "./engines/local/local-engine.ts";
import { findLocalMachine } from "./engines/local/local-machine.ts";
import { noEngine } from "./engines/none.ts";
import { bearerCheck } from "./http/bearer.ts";
import { createHostServer } from "./http/server.ts";
import { freeBytesOf, watchDisk } from "./sandboxes/disk-guard.ts";
import { fileGenerationStore } from "./sandboxes/generation-store.ts";
import { SandboxRegistry } from "./sandboxes/registry.ts";
import { lockState } from "./state-lock.ts";

/** A running sandbox host. */
export interface SandboxHost {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends every sandbox and stops listening. */
  close(): Promise<void>;
}

const chooseEngine = async (config: Config, log: Logger): Promise<SandboxEngine> => {
  const machine = await findLocalMachine(config.stateDirectory, config.limits);
  if ("refusal" in machine) {
    log.warn({ event: "engine.none" }, machine.refusal);
    return noEngine(machine.refusal);
  }
  const engine = localEngine(machine, config, log);
  if (engine.reason !== undefined) log.warn({ event: "engine.degraded" }, engine.reason);
  return engine;
};

const closeGraceMs = 1_000;

/** Cleans up after an earlier process, then listens on 127.0.0.1. `now` in milliseconds decides what counts as idle. */
export const startSandboxHost = async (
  config: Config,
  log: Logger,
  now: () => number = () => performance.now(),
): Promise<SandboxHost> => {
  await fs.mkdir(config.stateDirectory, { recursive: true, mode: 0o700 });
  const releaseState = await lockState(config.stateDirectory);
  const engine = await chooseEngine(config, log);
  await engine.reap();
  const registry = new SandboxRegistry({
    engine,
    generations: fileGenerationStore(config.stateDirectory),
    runningMax: config.runningMax,
    log,
    now,
  });
  const unwatchDisk = watchDisk({
    reserveBytes: config.diskReserveMib * 1024 * 1024,
    freeBytes: () => freeBytesOf(config.stateDirectory),
    sandboxes: () =>
      registry
        .list()
        .filter((sandbox) => sandbox.status === "ready")
        .map(({ name }) => ({ name, measure: () => engine.measureFiles(name) })),
    stop: (name, reason) => registry.fail(name, reason),
    log,
  });
  const server = createHostServer({ engine, registry, checkBearer: bearerCheck(config.token), log });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(config.port, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  log.info(
    { event: "host.ready", url, engine: engine.kind, runningMax: config.runningMax },
    "the sandbox host is ready",
  );
  return {
    url,
    close: async () => {
      unwatchDisk();
      const closed = new Promise<void>((done) => server.close(() => done()));
      await registry.close();
      server.closeAllConnections();
      // A WebSocket whose other end is silent would hold the server open for half a minute.
      await Promise.race([closed, setTimeout(closeGraceMs, undefined, { ref: false })]);
      await releaseState();
    },
  };
};
