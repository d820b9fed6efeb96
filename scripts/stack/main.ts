import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { refuse } from "../bootstrap.mjs";
import { ensureSystemPackages, installHint, sandboxPackages } from "../system-packages.ts";
import { build } from "./build.ts";
import { decodeConfiguration, portKeyOf, type StackConfiguration } from "./configuration.ts";
import { ensureKeys } from "./keys.ts";
import { isPortTaken } from "./ports.ts";
import { processSpecs } from "./process-specs.ts";
import { identify, isAlive, readRunRecord, reapLeftovers, removeRunRecord, writeRunRecord } from "./run-record.ts";
import { SupervisedProcess } from "./supervised-process.ts";

const freeBytesMin = 512 * 1024 ** 2;
const readyTimeoutMs = 180_000;
const failuresBeforeGivingUp = 3;

const isDev = process.argv.includes("--dev");
const say = (line: string) => console.log(line);

const decode = (): StackConfiguration => {
  try {
    return decodeConfiguration(process.env);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
};

const claimHome = (home: string) => {
  mkdirSync(join(home, "logs"), { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < freeBytesMin) {
    refuse(`only ${Math.floor((bavail * bsize) / 1024 ** 2)} MB of disk are free in ${home}; 512 MB are needed.`);
  }
  const earlier = readRunRecord(home);
  if (!earlier) return;
  if (isAlive(earlier.supervisor)) {
    refuse(`it already runs from ${home} (process ${earlier.supervisor.pid}). THREADBOX_HOME names another folder.`);
  }
  const reaped = reapLeftovers(earlier);
  if (reaped.length > 0) say(`Ended what an interrupted run had left: ${reaped.join(", ")}.`);
};

const requireFreePorts = async ({ ports }: StackConfiguration) => {
  for (const name of Object.keys(ports) as (keyof typeof ports)[]) {
    if (await isPortTaken(ports[name])) {
      refuse(`port ${ports[name]} is taken. Free it, or choose another with ${portKeyOf(name)}=<port>.`);
    }
  }
};

/** Resolves once every process answers; ends the program when one keeps failing. */
const waitUntilReady = async (processes: readonly SupervisedProcess[]) => {
  const deadline = performance.now() + readyTimeoutMs;
  let waitingFor = "";
  while (processes.some((each) => !each.isHealthy)) {
    const hopeless = processes.find((each) => !each.isHealthy && each.failures >= failuresBeforeGivingUp);
    const late = performance.now() > deadline ? processes.find((each) => !each.isHealthy) : undefined;
    const culprit = hopeless ?? late;
    if (culprit) {
      throw new Error(`${culprit.spec.name} does not come up. Its last words:\n${culprit.lastWords.join("\n")}`);
    }
    const names = processes.filter((each) => !each.isHealthy).map((each) => each.spec.name);
    if (names.join() !== waitingFor) {
      waitingFor = names.join();
      say(`Waiting for ${names.join(", ")} …`);
    }
    await delay(100);
  }
};

const main = async () => {
  const configuration = decode();
  const { home, appOrigin } = configuration;
  claimHome(home);
  await requireFreePorts(configuration);
  const missing = ensureSystemPackages(sandboxPackages);
  if (missing.length > 0) say(`Warning: ${installHint(missing)}`);

  say(isDev ? "Building the worker …" : "Building (only what has changed) …");
  try {
    await build(["@threadbox/worker", ...(isDev ? [] : ["@threadbox/web"])]);
  } catch (error) {
    refuse(`the build failed.\n${error instanceof Error ? error.message : error}`);
  }

  const keys = await ensureKeys(home);
  const supervisor = identify(process.pid) ?? { pid: process.pid, startTicks: "" };
  const pids = new Map<string, NonNullable<ReturnType<typeof identify>>>();
  const processes = processSpecs(configuration, keys, { isDev }).map(
    (spec) =>
      new SupervisedProcess(spec, {
        logFolder: join(home, "logs"),
        print: say,
        onSpawn: (name, pid) => {
          const identity = identify(pid);
          if (identity) pids.set(name, identity);
          writeRunRecord(home, { supervisor, processes: Object.fromEntries(pids) });
        },
      }),
  );

  let isStopping = false;
  const stop = async (code: number) => {
    if (isStopping) return;
    isStopping = true;
    say("\nStopping …");
    await Promise.all([...processes].reverse().map((each) => each.stop()));
    removeRunRecord(home);
    say("Stopped.");
    process.exit(code);
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  process.on("SIGHUP", () => void stop(0));

  for (const each of processes) each.start();
  try {
    await waitUntilReady(processes);
    say(`\nThreadbox ready: ${appOrigin}\n`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
};

await main();
