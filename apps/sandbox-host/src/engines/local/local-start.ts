import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import type { FindCertificate } from "../../egress/certificates.ts";
import { type EgressRelay, startEgressRelay } from "../../egress/relay.ts";
import { findTargetIn } from "../../egress/targets.ts";
import { openWay } from "../../egress/way.ts";
import { HostError, interrupted, sandboxUnavailable } from "../../errors.ts";
import type { RunningSandbox, SandboxEnd, SandboxStart } from "../engine.ts";
import { planControlGroup } from "./control-group-plan.ts";
import { type ControlGroup, createControlGroup, removeControlGroup } from "./control-groups.ts";
import { ControlSocket } from "./control-socket.ts";
import { describeEnd } from "./describe-end.ts";
import type { DisksInUse } from "./disks/shared-disks.ts";
import { signalFreezer } from "./freezer.ts";
import { hostUserOf } from "./host-user.ts";
import type { SupervisorStart } from "./inside/protocol.ts";
import { type Jail, launchJail } from "./launch.ts";
import type { LocalMachine } from "./local-machine.ts";
import { egressPort, openCodeStart } from "./opencode.ts";
import { inside, jailEnvironment, jailProfile } from "./profile.ts";
import { waitUntilHealthy, warmUp } from "./readiness.ts";
import { processStartTime, writeRunRecord } from "./run-record.ts";
import { runningSandbox } from "./running-sandbox.ts";
import { openShortPath, prepareFolders, type SandboxFolders } from "./sandbox-folders.ts";
import { keepTail, readSupervisor } from "./supervisor-channel.ts";
import { Trials } from "./trial.ts";

/** From spawn to the first healthy answer; a loaded machine starts several sandboxes at once. */
const startTimeoutMs = 60_000;
/** How long a start waits for what a trusted workspace brings: OpenCode fetches packages for its plugins. */
const trustedMsMax = 60_000;

const supervisorFolder = path.dirname(fileURLToPath(new URL("./inside/supervisor.ts", import.meta.url)));

export interface LocalStartOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly log: Logger;
  readonly folders: SandboxFolders;
  readonly findCertificate: FindCertificate;
  /** The sandbox's disks, until they are released. */
  readonly useDisks: () => Promise<DisksInUse>;
  readonly start: SandboxStart;
  readonly signal: AbortSignal;
}

/** Things to undo, in the opposite order; one failure does not keep the others from being undone. */
class Undo {
  readonly #steps: (() => Promise<void> | void)[] = [];
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }
  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#log.error({ event: "sandbox.cleanup_failed", err: error }, "part of a sandbox could not be removed");
      }
    }
  }
}

const joinGroup = async (options: LocalStartOptions, undo: Undo): Promise<ControlGroup | undefined> => {
  const { machine, config, folders, start } = options;
  if ("reason" in machine.controlGroups) {
    await writeRunRecord(folders.record, { controlGroup: [] });
    return undefined;
  }
  const plan = planControlGroup(machine.controlGroups, machine.controlGroupName, start.name, config.limits);
  await writeRunRecord(folders.record, { controlGroup: plan.leaves });
  undo.add(() => removeControlGroup(plan.leaves));
  // A group that survived would keep its counters and its processes.
  await removeControlGroup(plan.leaves);
  return createControlGroup(plan);
};

const openEgress = async (options: LocalStartOptions, undo: Undo): Promise<EgressRelay> => {
  const { config, folders, log, start, findCertificate } = options;
  const run = await openShortPath(folders.run);
  undo.add(run.close);
  const way = openWay(config, start, findCertificate, log);
  undo.add(way.close);
  const { modelGatewayUrl } = config;
  const findTarget = findTargetIn(config.egressAddresses);
  const socketPath = `${run.path}/egress.sock`;
  const relay = await startEgressRelay({
    socketPath,
    modelGatewayUrl,
    ...way,
    traffic: start.traffic,
    findTarget,
    log,
  });
  undo.add(() => relay.close());
  // Its folder keeps everyone else on the host away from it.
  await fs.chmod(folders.egressSocket, 0o666);
  return relay;
};

const startMessage = (start: SandboxStart): string => {
  const message: SupervisorStart = {
    controlSocket: inside.controlSocket,
    egressSocket: inside.egressSocket,
    egressPort,
    secretsAgent: inside.secretsAgent,
    environment: jailEnvironment,
    files: start.request.files ?? [],
    openCode: openCodeStart(start.request),
  };
  return `${JSON.stringify(message)}\n`;
};

/** Starts one sandbox. Rejects with `HostError` after everything has been undone. */
export const startLocalSandbox = async (options: LocalStartOptions): Promise<RunningSandbox> => {
  const { machine, config, log, folders, start, signal } = options;
  const undo = new Undo(log);
  const user = machine.isRoot ? hostUserOf(start.name, machine.idMap) : undefined;
  let jail: Jail;
  let group: ControlGroup | undefined;
  let relay: EgressRelay;
  let trials: Trials;
  try {
    const { disks, release } = await options.useDisks();
    undo.add(release);
    await prepareFolders(folders, user);
    undo.add(() => fs.rm(folders.run, { recursive: true, force: true }));
    group = await joinGroup(options, undo);
    relay = await openEgress(options, undo);
    signal.throwIfAborted();
    const sources = {
      ...machine,
      ...disks.sources,
      controlDirectory: folders.control,
      egressSocket: folders.egressSocket,
      supervisor: supervisorFolder,
    };
    const launch = { limits: config.limits, user, namespace: disks.namespace, joinFiles: group?.joinFiles ?? [] };
    jail = launchJail({
      ...launch,
      profile: jailProfile(sources, config.limits),
      command: [
        `${inside.programs}/node`,
        "--max-old-space-size=96",
        "--disable-sigusr1",
        `${inside.supervisor}/supervisor.ts`,
      ],
    });
    trials = new Trials({ ...launch, sources });
    undo.add(() => trials.stop());
  } catch (error) {
    await undo.run();
    if (signal.aborted) throw interrupted();
    throw error instanceof HostError ? error : sandboxUnavailable("Couldn't set up the sandbox.", error);
  }

  const spawnedAt = performance.now();
  const { pid } = jail.child;
  const startTime = pid === undefined ? undefined : await processStartTime(pid);
  if (pid !== undefined && startTime !== undefined) {
    await writeRunRecord(folders.record, { controlGroup: group?.folders ?? [], process: { pid, startTime } });
  }

  let stopReason: string | undefined;
  const supervisor = readSupervisor(jail.stdout, jail.kill);
  const complaint = keepTail(jail.stderr, 2_000);
  jail.stdin.write(startMessage(start));
  const ended: Promise<SandboxEnd> = jail.ended.then(async (exit) => {
    const oomKills = (await group?.countOomKills()) ?? 0;
    await undo.run();
    const openCode = supervisor.openCodeEnd();
    const end = describeEnd({ stopReason, oomKills, openCode, memoryMib: config.limits.memoryMib });
    const said = [complaint(), ...(openCode?.tail ?? [])].join("\n").trim();
    if (end.status === "failed") log.warn({ event: "sandbox.failed", exit, said }, end.reason);
    return end;
  });
  const freezer = group?.freezer ?? signalFreezer(pid ?? 0);
  const stop = async (reason: string): Promise<void> => {
    stopReason ??= reason;
    // What is frozen doesn't die.
    freezer.thaw();
    jail.kill();
    await ended;
  };

  const failed = ended.then((end) => Promise.reject(new HostError("SandboxUnavailable", end.reason)));
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]);
  const aborted = new Promise<never>((_, reject) => {
    deadline.addEventListener("abort", () => reject(deadline.reason), { once: true });
  });
  try {
    await Promise.race([supervisor.isUp, failed, aborted]);
    const control = new ControlSocket(folders.controlSocket);
    undo.add(() => control.close());
    // The socket is there: from now on nobody but root writes beside it.
    if (machine.isRoot) await fs.chown(folders.control, 0, 0);
    await Promise.race([supervisor.isListening, failed, aborted]);
    await Promise.race([waitUntilHealthy(control, start.request.openCodePassword, deadline), failed]);
    const startedInMs = Math.round(performance.now() - spawnedAt);
    const warm = warmUp(control, start.request.openCodePassword, trustedMsMax);
    // What a trusted workspace brings may have to be installed first, and no request is answered before.
    if (start.request.trustsWorkspace === true) await Promise.race([warm, failed]);
    return runningSandbox({
      startedInMs,
      control,
      ended,
      stop,
      reconsiderEgress: relay.reconsider,
      trial: (request) => trials.run(request),
      freezer,
      openCodeMib: config.openCodeMib,
      isHealthy: async () => {
        const password = start.request.openCodePassword;
        await waitUntilHealthy(control, password, AbortSignal.timeout(startTimeoutMs));
        void warmUp(control, password);
      },
    });
  } catch (error) {
    await stop("The start was abandoned.");
    await undo.run();
    if (error instanceof HostError) throw error;
    throw signal.aborted ? interrupted() : sandboxUnavailable("OpenCode didn't start in time.", error);
  }
};
