import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { EnsureSandbox } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { type EgressRelay, startEgressRelay } from "../../egress/relay.ts";
import { findTargetIn } from "../../egress/targets.ts";
import type { Way } from "../../egress/way.ts";
import { HostError, interrupted, sandboxUnavailable } from "../../errors.ts";
import type { RunningSandbox, SandboxEnd, Traffic } from "../engine.ts";
import { planControlGroup } from "./control-group-plan.ts";
import { type ControlGroup, createControlGroup, removeControlGroup } from "./control-groups.ts";
import { ControlSocket } from "./control-socket.ts";
import { describeEnd } from "./describe-end.ts";
import type { SandboxDisks } from "./disks/sandbox-disks.ts";
import { type Freezer, signalFreezer } from "./freezer.ts";
import type { HostUser } from "./host-user.ts";
import type { SupervisorStart } from "./inside/protocol.ts";
import { type Jail, launchJail } from "./launch.ts";
import type { LocalMachine } from "./local-machine.ts";
import { egressPort, openCodeStart } from "./opencode.ts";
import { inside, type JailSources, jailEnvironment, jailProfile } from "./profile.ts";
import { waitUntilHealthy, warmUp } from "./readiness.ts";
import { processStartTime, writeRunRecord } from "./run-record.ts";
import { openShortPath, prepareFolders, type SandboxFolders } from "./sandbox-folders.ts";
import { keepTail, readSupervisor } from "./supervisor-channel.ts";
import { Trials } from "./trial.ts";
import { Undo } from "./undo.ts";

/** From spawn to the first healthy answer; a loaded machine starts several sandboxes at once. */
const startTimeoutMs = 60_000;

const supervisorFolder = path.dirname(fileURLToPath(new URL("./inside/supervisor.ts", import.meta.url)));

/** What OpenCode is started with. */
export type BootRequest = Pick<EnsureSandbox, "openCodePassword" | "environment" | "files" | "trustsWorkspace">;

export interface BootOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly log: Logger;
  /** Names its control group. */
  readonly name: SandboxName;
  readonly folders: SandboxFolders;
  readonly user: HostUser | undefined;
  /** The sandbox's disks, until they are released. They may be moved meanwhile: `disks` is asked where they are. */
  readonly useDisks: () => Promise<{
    readonly disks: () => SandboxDisks;
    readonly release: () => Promise<void> | void;
  }>;
  readonly request: BootRequest;
  readonly way: Way;
  readonly traffic: Traffic;
  readonly signal: AbortSignal;
}

/** A sandbox whose OpenCode answers. */
export interface Booted {
  /** Milliseconds from spawn to the first healthy answer. */
  readonly startedInMs: number;
  readonly control: ControlSocket;
  readonly ended: Promise<SandboxEnd>;
  readonly stop: (reason: string) => Promise<void>;
  readonly relay: EgressRelay;
  readonly trial: RunningSandbox["trial"];
  readonly freezer: Freezer;
  /** Resolves when OpenCode answers again. */
  readonly isHealthy: () => Promise<void>;
}

const joinGroup = async (options: BootOptions, undo: Undo): Promise<ControlGroup | undefined> => {
  const { machine, config, folders, name } = options;
  if ("reason" in machine.controlGroups) {
    await writeRunRecord(folders.record, { controlGroup: [] });
    return undefined;
  }
  const plan = planControlGroup(machine.controlGroups, machine.controlGroupName, name, config.limits);
  await writeRunRecord(folders.record, { controlGroup: plan.leaves });
  undo.add(() => removeControlGroup(plan.leaves));
  // A group that survived would keep its counters and its processes.
  await removeControlGroup(plan.leaves);
  return createControlGroup(plan);
};

const openEgress = async (options: BootOptions, undo: Undo): Promise<EgressRelay> => {
  const { config, folders, log, way, traffic } = options;
  const run = await openShortPath(folders.run);
  undo.add(run.close);
  undo.add(way.close);
  const { modelGatewayUrl } = config;
  const findTarget = findTargetIn(config.egressAddresses);
  const socketPath = `${run.path}/egress.sock`;
  const relay = await startEgressRelay({
    socketPath,
    modelGatewayUrl,
    ...way,
    traffic,
    findTarget,
    log,
  });
  undo.add(() => relay.close());
  // Its folder keeps everyone else on the host away from it.
  await fs.chmod(folders.egressSocket, 0o666);
  return relay;
};

const startMessage = (request: BootRequest): string => {
  const message: SupervisorStart = {
    controlSocket: inside.controlSocket,
    egressSocket: inside.egressSocket,
    egressPort,
    secretsAgent: inside.secretsAgent,
    environment: jailEnvironment,
    files: request.files ?? [],
    openCode: openCodeStart(request),
  };
  return `${JSON.stringify(message)}\n`;
};

/** Starts one sandbox, until OpenCode answers. Rejects with `HostError` after everything has been undone. */
export const bootSandbox = async (options: BootOptions): Promise<Booted> => {
  const { machine, config, log, folders, user, request, signal } = options;
  const undo = new Undo(log);
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
    const sources = (): JailSources => ({
      ...machine,
      ...disks().sources,
      controlDirectory: folders.control,
      egressSocket: folders.egressSocket,
      supervisor: supervisorFolder,
    });
    const launch = { limits: config.limits, user, namespace: disks().namespace, joinFiles: group?.joinFiles ?? [] };
    jail = launchJail({
      ...launch,
      profile: jailProfile(sources(), config.limits),
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
  jail.stdin.write(startMessage(request));
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
    await Promise.race([waitUntilHealthy(control, request.openCodePassword, deadline), failed]);
    const startedInMs = Math.round(performance.now() - spawnedAt);
    return {
      startedInMs,
      control,
      ended,
      stop,
      relay,
      trial: (asked) => trials.run(asked),
      freezer,
      isHealthy: async () => {
        await waitUntilHealthy(control, request.openCodePassword, AbortSignal.timeout(startTimeoutMs));
        void warmUp(control, request.openCodePassword);
      },
    };
  } catch (error) {
    await stop("The start was abandoned.");
    await undo.run();
    if (error instanceof HostError) throw error;
    throw signal.aborted ? interrupted() : sandboxUnavailable("OpenCode didn't start in time.", error);
  }
};
