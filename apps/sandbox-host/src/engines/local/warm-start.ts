import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SandboxName } from "@threadbox/contracts/ids";
import type { EnsureSandbox, StartFile, WarmPlan } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import type { FindCertificate } from "../../egress/certificates.ts";
import { lateWay, showInstead } from "../../egress/late-way.ts";
import { openWay } from "../../egress/way.ts";
import { HostError, sandboxUnavailable } from "../../errors.ts";
import { LateTraffic } from "../../sandboxes/late-traffic.ts";
import type { RunningSandbox, SandboxStart, WarmSandbox } from "../engine.ts";
import type { LaunchSandbox } from "../launched.ts";
import { type Booted, bootSandbox } from "./boot.ts";
import type { SandboxDisks } from "./disks/sandbox-disks.ts";
import type { SharedDisks } from "./disks/shared-disks.ts";
import { type HostUser, hostUserOf } from "./host-user.ts";
import { keepUser } from "./kept-user.ts";
import type { LocalMachine } from "./local-machine.ts";
import { openCodeAuthorization } from "./opencode.ts";
import { forgetInstance, warmUp } from "./readiness.ts";
import { runningSandbox } from "./running-sandbox.ts";
import { type SandboxFolders, sandboxFolders, warmFolder } from "./sandbox-folders.ts";

const textBytes = 32;
const newText = (): string => randomBytes(textBytes).toString("base64url");
const nameBytes = 16;
const newName = (): SandboxName => Schema.decodeSync(SandboxName)(randomBytes(nameBytes).toString("hex"));

export interface WarmStartOptions {
  readonly machine: LocalMachine;
  readonly config: Config;
  readonly log: Logger;
  readonly findCertificate: FindCertificate;
  readonly foldersOf: (name: SandboxName) => SandboxFolders;
  readonly openDisks: (folders: SandboxFolders, user: HostUser | undefined) => Promise<SandboxDisks>;
  /** What shuts its processes in. */
  readonly launch: LaunchSandbox;
  readonly shared: SharedDisks;
  readonly plan: WarmPlan;
  readonly signal: AbortSignal;
}

/** The environment with another credential in it. */
const withCredential = ({ environment, credential }: WarmPlan, given: string): EnsureSandbox["environment"] =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replaceAll(credential, given)]));

/** What nobody has hold of yet and a start's own takes the place of. */
class UnnamedDisks {
  #disks: SandboxDisks;
  readonly #folders: SandboxFolders;
  #release: () => Promise<void> | void;

  constructor(disks: SandboxDisks, folders: SandboxFolders) {
    this.#disks = disks;
    this.#folders = folders;
    this.#release = async () => {
      await disks.close();
      await fs.rm(folders.kept, { recursive: true, force: true });
    };
  }

  get current(): SandboxDisks {
    return this.#disks;
  }

  release(): Promise<void> | void {
    return this.#release();
  }

  /** From now on they are that sandbox's, and known to whoever asks for its files. */
  async become(name: SandboxName, folders: SandboxFolders, shared: SharedDisks): Promise<void> {
    await fs.mkdir(path.dirname(folders.kept), { recursive: true, mode: 0o700 });
    await fs.rename(this.#folders.kept, folders.kept);
    const { disks, release } = shared.adopt(name, this.#disks.movedTo(folders));
    this.#disks = disks;
    this.#release = release;
  }
}

/** What of a start is its own, taken from the rest. */
const ownOf = ({ own, environment, files = [] }: EnsureSandbox) => {
  const { variables = [], files: paths = [] } = own ?? {};
  return {
    variables: Object.fromEntries(variables.map((name) => [name, environment[name] ?? ""])),
    files: files.filter((file) => paths.includes(file.path)),
  };
};

/** OpenCode reads its credentials when it begins to work on a folder; without any it has read all there is. */
const holdsCredentials = (files: readonly StartFile[]): boolean => files.some(({ content }) => content.trim() !== "{}");

/**
 * Starts a sandbox that is nobody's, with a password and a credential that open nothing outside, and a way that leads nowhere. Both
 * stay what OpenCode has; the host puts those of its start in their place on the way in and on the way out.
 */
export const startWarmSandbox = async (options: WarmStartOptions): Promise<WarmSandbox> => {
  const { machine, config, log, findCertificate, foldersOf, openDisks, launch, shared, plan, signal } = options;
  const warmName = newName();
  const folders = sandboxFolders(
    config.stateDirectory,
    warmName,
    path.join(warmFolder(config.stateDirectory), warmName),
  );
  const user = machine.isRoot ? hostUserOf(warmName, machine.idMap) : undefined;
  const [openCodePassword, credential] = [newText(), newText()];
  const { way, become } = lateWay();
  const traffic = new LateTraffic();
  let unnamed: UnnamedDisks | undefined;
  const booted: Booted = await bootSandbox({
    machine,
    config,
    log: log.child({ warm: warmName }),
    name: warmName,
    folders,
    user,
    launch,
    request: { openCodePassword, environment: withCredential(plan, credential), files: plan.files },
    way,
    traffic,
    signal,
    useDisks: async () => {
      const opened = new UnnamedDisks(await openDisks(folders, user), folders);
      unnamed = opened;
      return { disks: () => opened.current, release: () => opened.release() };
    },
  });
  const { control, ended, stop, relay } = booted;
  await warmUp(control, openCodePassword);

  const take = async (start: SandboxStart, disks: UnnamedDisks): Promise<RunningSandbox> => {
    const { name, request } = start;
    const takenAt = performance.now();
    await keepUser(folders, user);
    await disks.become(name, foldersOf(name), shared);
    traffic.become(start.traffic);
    const running = runningSandbox({
      ...booted,
      reconsiderEgress: relay.reconsider,
      openCodeMib: config.openCodeMib,
      authorize: (asked) =>
        asked === openCodeAuthorization(request.openCodePassword) ? openCodeAuthorization(openCodePassword) : asked,
    });
    const own = ownOf(request);
    await running.assign(own);
    const startWay = openWay(config, start, findCertificate, log);
    become({ ...startWay, show: showInstead(credential, request.own?.credential ?? credential) });
    if (holdsCredentials(own.files)) {
      await forgetInstance(control, openCodePassword);
      void warmUp(control, openCodePassword);
    }
    log.info(
      { event: "warm.assigned", sandbox: name, warm: warmName },
      "a sandbox that was started beforehand was assigned",
    );
    return { ...running, startedInMs: Math.round(performance.now() - takenAt) };
  };
  return {
    ended,
    stop,
    assign: async (start) => {
      try {
        if (unnamed === undefined) throw new Error("There are no disks.");
        return await take(start, unnamed);
      } catch (error) {
        await stop("The start was abandoned.");
        throw error instanceof HostError ? error : sandboxUnavailable("Couldn't set up the sandbox.", error);
      }
    },
  };
};
