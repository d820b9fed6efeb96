import * as fs from "node:fs/promises";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import type { FindCertificate } from "../../egress/certificates.ts";
import { type EgressRelay, startEgressRelay } from "../../egress/relay.ts";
import { findTargetIn } from "../../egress/targets.ts";
import { openWay } from "../../egress/way.ts";
import { HostError, interrupted, sandboxUnavailable } from "../../errors.ts";
import type { RunningSandbox, SandboxEnd, SandboxStart } from "../engine.ts";
import type { Launched, LaunchSandbox } from "../launched.ts";
import { Undo } from "../undo.ts";
import { ControlSocket } from "./control-socket.ts";
import { describeEnd } from "./describe-end.ts";
import type { DisksInUse } from "./disks/shared-disks.ts";
import { hostUserOf } from "./host-user.ts";
import type { SupervisorStart } from "./inside/protocol.ts";
import type { LocalMachine } from "./local-machine.ts";
import { egressPort, openCodeStart } from "./opencode.ts";
import { inside, jailEnvironment } from "./profile.ts";
import { waitUntilHealthy, warmUp } from "./readiness.ts";
import { runningSandbox } from "./running-sandbox.ts";
import { openShortPath, prepareFolders, type SandboxFolders } from "./sandbox-folders.ts";
import { keepTail, readSupervisor } from "./supervisor-channel.ts";

/** From spawn to the first healthy answer; a loaded machine starts several sandboxes at once. */
const startTimeoutMs = 60_000;
/** How long a start waits for what a trusted workspace brings: OpenCode fetches packages for its plugins. */
const trustedMsMax = 60_000;

export interface LocalStartOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly log: Logger;
  readonly folders: SandboxFolders;
  readonly findCertificate: FindCertificate;
  /** The sandbox's disks, until they are released. */
  readonly useDisks: () => Promise<DisksInUse>;
  /** What shuts its processes in. */
  readonly launch: LaunchSandbox;
  readonly start: SandboxStart;
  readonly signal: AbortSignal;
}

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
    launched = await options.launch({ name: start.name, folders, disks, user, undo });
  } catch (error) {
    await undo.run();
    if (signal.aborted) throw interrupted();
    throw error instanceof HostError ? error : sandboxUnavailable("Couldn't set up the sandbox.", error);
  }

  const { jail, freezer, trial } = launched;
  let stopReason: string | undefined;
  const supervisor = readSupervisor(jail.stdout, jail.kill);
  const complaint = keepTail(jail.stderr, 2_000);
  jail.stdin.write(startMessage(start));
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
      trial,
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
