import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { SandboxName } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import type { DiskLimits, SandboxLimits } from "../../config.ts";
import { planControlGroup } from "./control-group-plan.ts";
import { createControlGroup, removeControlGroup } from "./control-groups.ts";
import { openSandboxDisks } from "./disks/sandbox-disks.ts";
import { type Jail, launchJail } from "./launch.ts";
import { findLocalMachine, type LocalMachine } from "./local-machine.ts";
import { type JailProfile, jailProfile, naiveProfile } from "./profile.ts";
import { sandboxFolders } from "./sandbox-folders.ts";

/** A machine and a state folder on which tests launch jails without OpenCode. */
export interface JailBench {
  readonly machine: LocalMachine;
  readonly state: string;
  /** The workspace of its jails, for the test itself. */
  readonly workspace: string;
  readonly profile: (limits: SandboxLimits) => JailProfile;
  readonly naive: JailProfile;
  /** Runs a program to its end, in a control group of its own. */
  run(
    profile: JailProfile,
    limits: SandboxLimits,
    command: readonly [string, ...string[]],
    stdin?: string,
  ): Promise<JailRun>;
  /** Launches a program and leaves it running. */
  launch(profile: JailProfile, limits: SandboxLimits, command: readonly [string, ...string[]]): Promise<LaunchedJail>;
  close(): Promise<void>;
}

export interface JailRun {
  readonly output: string;
  readonly complaint: string;
}

export interface LaunchedJail {
  readonly jail: Jail;
  /** Empty where the machine has no control groups. */
  readonly groups: readonly string[];
  /** Kills everything and removes the control group. */
  remove(): Promise<void>;
}

const jailUser = { uid: 0x70000001, gid: 0x70000001 };

const textOf = async (stream: AsyncIterable<unknown>): Promise<string> => {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
};

const benchName = Schema.decodeSync(SandboxName)("0".repeat(32));

/** Returns the reason instead where this machine cannot run jails. `onEgress`: what a jail's egress socket leads to. */
export const openJailBench = async (
  limits: SandboxLimits,
  diskLimits: DiskLimits = { mib: 64, files: 1_000 },
  onEgress: (socket: net.Socket) => void = (socket) => void socket.destroy(),
): Promise<JailBench | { readonly refusal: string }> => {
  const state = await fs.mkdtemp(path.join(os.homedir(), ".threadbox-jail-test-"));
  const machine = await findLocalMachine(state, limits);
  if ("refusal" in machine) {
    await fs.rm(state, { recursive: true, force: true });
    return machine;
  }
  const user = machine.isRoot ? jailUser : undefined;
  const folder = async (name: string): Promise<string> => {
    const at = path.join(state, name);
    await fs.mkdir(at);
    if (user) await fs.chown(at, user.uid, user.gid);
    return at;
  };
  const disks = await openSandboxDisks(sandboxFolders(state, benchName), {
    support: machine.disks,
    wantsImages: true,
    limits: diskLimits,
    user,
  });
  const sources = {
    ...machine,
    ...disks.sources,
    controlDirectory: await folder("control"),
    egressSocket: path.join(state, "egress.sock"),
    supervisor: path.join(import.meta.dirname, "inside"),
  };
  // A socket whose other side is gone before it was read to its end stays open, and a server waits for all of them.
  const open = new Set<net.Socket>();
  const egress = net.createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    onEgress(socket);
  });
  await new Promise<void>((done) => egress.listen(sources.egressSocket, done));
  await fs.chmod(sources.egressSocket, 0o666);
  let launches = 0;

  const launch: JailBench["launch"] = async (profile, launchLimits, command) => {
    launches += 1;
    const isLimited = profile.isLimited && !("reason" in machine.controlGroups);
    const plan =
      "reason" in machine.controlGroups
        ? undefined
        : planControlGroup(machine.controlGroups, machine.controlGroupName, String(launches), launchLimits);
    const group = plan && isLimited ? await createControlGroup(plan) : undefined;
    const jail = launchJail({
      profile,
      command,
      limits: launchLimits,
      user: profile.isLimited ? user : undefined,
      namespace: profile.isLimited ? disks.namespace : undefined,
      joinFiles: group?.joinFiles ?? [],
    });
    const groups = group?.folders ?? [];
    const remove = async (): Promise<void> => {
      jail.kill();
      await jail.ended;
      await removeControlGroup(groups);
    };
    return { jail, groups, remove };
  };

  return {
    machine,
    state,
    profile: (profileLimits) => jailProfile(sources, profileLimits),
    workspace: disks.paths.workspace,
    naive: naiveProfile(await folder("naive")),
    launch,
    run: async (profile, runLimits, command, stdin = "") => {
      const { jail, remove } = await launch(profile, runLimits, command);
      jail.stdin.end(stdin);
      const [output, complaint] = await Promise.all([textOf(jail.stdout), textOf(jail.stderr)]);
      await remove();
      return { output, complaint };
    },
    close: async () => {
      const closed = new Promise<void>((done) => egress.close(() => done()));
      for (const socket of open) socket.destroy();
      await closed;
      await disks.close();
      await fs.rm(state, { recursive: true, force: true });
    },
  };
};
