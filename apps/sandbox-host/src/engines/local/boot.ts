import * as fs from "node:fs/promises";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { EnsureSandbox } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { type EgressRelay, startEgressRelay } from "../../egress/relay.ts";
import { findTargetIn } from "../../egress/targets.ts";
import type { Way } from "../../egress/way.ts";
import { HostError, interrupted, sandboxUnavailable } from "../../errors.ts";
import type { RunningSandbox, SandboxEnd, Traffic } from "../engine.ts";
import type { Launched, LaunchSandbox } from "../launched.ts";
import { Undo } from "../undo.ts";
import { ControlSocket } from "./control-socket.ts";
import { describeEnd } from "./describe-end.ts";
import type { SandboxDisks } from "./disks/sandbox-disks.ts";
import type { Freezer } from "./freezer.ts";
import type { HostUser } from "./host-user.ts";
import type { SupervisorStart } from "./inside/protocol.ts";
import type { LocalMachine } from "./local-machine.ts";
import { egressPort, openCodeStart } from "./opencode.ts";
import { inside, jailEnvironment } from "./profile.ts";
import { waitUntilHealthy, warmUp } from "./readiness.ts";
import { openShortPath, prepareFolders, type SandboxFolders } from "./sandbox-folders.ts";
import { keepTail, readSupervisor } from "./supervisor-channel.ts";

/** From spawn to the first healthy answer; a loaded machine starts several sandboxes at once. */
const startTimeoutMs = 60_000;

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
  /** What shuts its processes in. */
  readonly launch: LaunchSandbox;
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
  let launched: Launched;
  let relay: EgressRelay;
  let spawnedAt = 0;
  try {
    const { disks, release } = await options.useDisks();
    undo.add(release);
    await prepareFolders(folders, user);
    undo.add(() => fs.rm(folders.run, { recursive: true, force: true }));
    relay = await openEgress(options, undo);
    signal.throwIfAborted();
    spawnedAt = performance.now();
    launched = await options.launch({ name: options.name, folders, disks, user, undo });
  } catch (error) {
    await undo.run();
    if (signal.aborted) throw interrupted();
    throw error instanceof HostError ? error : sandboxUnavailable("Couldn't set up the sandbox.", error);
  }

  const { jail, freezer, trial } = launched;
  let stopReason: string | undefined;
  const supervisor = readSupervisor(jail.stdout, jail.kill);
  const complaint = keepTail(jail.stderr, 2_000);
  jail.stdin.write(startMessage(request));
  const ended: Promise<SandboxEnd> = jail.ended.then(async (exit) => {
    const oomKills = await launched.countOomKills();
    await undo.run();
    const openCode = supervisor.openCodeEnd();
    const end = describeEnd({ stopReason, oomKills, openCode, memoryMib: config.limits.memoryMib });
    const said = [complaint(), ...(openCode?.tail ?? [])].join("\n").trim();
    if (end.status === "failed") log.warn({ event: "sandbox.failed", exit, said }, end.reason);
    return end;
  });
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
      trial,
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
