import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { refuse } from "../bootstrap.mjs";
import { flagsOf } from "../flags.ts";
import { ensureSystemPackages, installHint, sandboxPackages } from "../system-packages.ts";
import { build } from "./build.ts";
import { decodeConfiguration } from "./configuration.ts";
import { whenToEnd } from "./ending.ts";
import { claimHome } from "./home.ts";
import { ensureKeys } from "./keys.ts";
import { lastOutput } from "./log-line.ts";
import { requireFreePorts } from "./ports.ts";
import { processSpecs } from "./process-specs.ts";
import { identify, removeRunRecord, writeRunRecord } from "./run-record.ts";
import { StartRefusal } from "./start-refusal.ts";
import { SupervisedProcess } from "./supervised-process.ts";

const readyTimeoutMs = 180_000;
const failuresBeforeGivingUp = 3;

const isDev = flagsOf({ dev: { type: "boolean" } }).dev === true;
const say = (line: string) => console.log(line);

/** Resolves once every process answers; ends the program when one keeps failing. */
const waitUntilReady = async (processes: readonly SupervisedProcess[]) => {
  const deadline = performance.now() + readyTimeoutMs;
  let waitingFor = "";
  while (processes.some((each) => !each.isHealthy)) {
    const hopeless = processes.find((each) => !each.isHealthy && each.failures >= failuresBeforeGivingUp);
    const late = performance.now() > deadline ? processes.find((each) => !each.isHealthy) : undefined;
    const culprit = hopeless ?? late;
    if (culprit) {
      throw new Error(`${culprit.spec.name} doesn't start. Its last output:\n${lastOutput(culprit.lastWords)}`);
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
  const ending = whenToEnd();
  const configuration = decodeConfiguration(process.env);
  const { home, appOrigin } = configuration;
  const supervisor = await claimHome(home, say);
  await requireFreePorts(configuration.ports);
  const keys = await ensureKeys(home);
  const missing = ensureSystemPackages(sandboxPackages);
  if (missing.length > 0) say(`Warning: ${installHint(missing)}`);

  say(isDev ? "Building the worker …" : "Building (only what has changed) …");
  try {
    await build(["@threadbox/worker", "@threadbox/codemode", ...(isDev ? [] : ["@threadbox/web"])], ending);
  } catch (error) {
    if (!ending.aborted) throw new StartRefusal(`the build failed.\n${error instanceof Error ? error.message : error}`);
  }

  const stopped = () => {
    removeRunRecord(home);
    say("Stopped.");
  };
  if (ending.aborted) {
    stopped();
    process.exit(0);
  }
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
    stopped();
    process.exit(code);
  };
  ending.addEventListener("abort", () => void stop(0));

  for (const each of processes) each.start();
  try {
    await waitUntilReady(processes);
    say(`\nThreadbox ready: ${appOrigin}\n`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
};

try {
  await main();
} catch (error) {
  if (!(error instanceof StartRefusal)) throw error;
  refuse(error.message);
}
