import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { createRequire } from "node:module";
import * as net from "node:net";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import type { SandboxLimits } from "../../config.ts";
import { inside, type JailProfile } from "../local/profile.ts";
import { openShortPath } from "../local/sandbox-folders.ts";
import { jailSyscalls } from "../local/syscall-filter.ts";
import { engineAt, socketOf } from "./engine-address.ts";
import { type ContainerEngine, launchContainer } from "./launch-container.ts";

/** An engine that has been seen running a container of ours. */
export interface FoundDocker extends ContainerEngine {
  /** Which protection it can't give, as whole sentences. */
  readonly reason: string | undefined;
}

export interface DockerRefusal {
  /** One plain sentence that says what to install, allow or run. */
  readonly refusal: string;
}

export interface DockerQuestion {
  /** `unix:///var/run/docker.sock` and the like. */
  readonly dockerHost: string;
  readonly image: string;
  /** Names this state folder among those of the machine. */
  readonly state: string;
  /** A folder of this host's own, for the trial. */
  readonly folder: string;
  readonly limits: SandboxLimits;
}

/** The image says which OpenCode it has. */
export const openCodeLabel = "threadbox.opencode";
const answerMsMax = 2_000;
const trialMsMax = 20_000;

const inTime = <A>(what: Promise<A>, msMax: number): Promise<A> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("It didn't answer in time.")), msMax);
  return Promise.race([what, late.promise]).finally(() => clearTimeout(timer));
};

const openCodeVersion = (): string => {
  const { version } = createRequire(import.meta.url)("opencode-ai/package.json") as { readonly version: string };
  return version;
};

/** What an engine tells of itself, as far as it matters here. */
interface EngineInfo {
  readonly OSType: string;
  readonly CgroupDriver: string;
  readonly SecurityOptions: readonly string[] | null;
  readonly MemoryLimit: boolean;
  readonly PidsLimit: boolean;
}

const refusalOf = ({ OSType, SecurityOptions }: EngineInfo): string | undefined => {
  const has = (name: string) => (SecurityOptions ?? []).some((option) => option.split(",").includes(`name=${name}`));
  if (OSType !== "linux") return `Docker runs ${OSType} containers, and sandboxes need Linux.`;
  if (!has("seccomp")) return "Docker can't filter system calls on this machine.";
  if (has("rootless") || has("userns"))
    return "Docker maps users on this machine, so that a sandbox couldn't own its files.";
  return undefined;
};

const degradationOf = ({ MemoryLimit, PidsLimit }: EngineInfo): string | undefined => {
  const missing = [...(MemoryLimit ? [] : ["memory"]), ...(PidsLimit ? [] : ["processes"])];
  return missing.length === 0 ? undefined : `Docker can't limit ${missing.join(" and ")} on this machine.`;
};

const imageRefusal = async (docker: Docker, image: string): Promise<string | undefined> => {
  const found = await docker
    .getImage(image)
    .inspect()
    .catch(() => undefined);
  if (found === undefined) return `Docker has no image ${image}: npm run image`;
  const has = found.Config.Labels?.[openCodeLabel];
  const needs = openCodeVersion();
  return has === needs
    ? undefined
    : `The image ${image} has OpenCode ${has ?? "of no known version"}, not ${needs}: npm run image`;
};

const trialProfile = (folder: string): JailProfile => ({
  name: "probe",
  namespaces: ["ipc", "pid", "net", "uts", "cgroup"],
  identity: undefined,
  hostname: undefined,
  canNestUserNamespaces: false,
  keepsCapabilities: false,
  hasLowPorts: true,
  keepsTerminal: false,
  keepsEnvironment: false,
  diesWithParent: true,
  mounts: [{ kind: "bind", from: folder, to: inside.controlDirectory }],
  environment: {},
  workingDirectory: "/",
  syscalls: jailSyscalls,
  isLimited: true,
});

/** Whether a container reaches a socket of this machine: an engine in a virtual machine of its own has no way to it. */
const tryContainer = async (engine: ContainerEngine, { folder, state, limits }: DockerQuestion): Promise<void> => {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const word = randomUUID();
  const name = `${word.slice(0, 8)}.sock`;
  const server = net.createServer((socket) => void socket.on("error", () => {}).end(word));
  const short = await openShortPath(folder);
  try {
    await new Promise<void>((done, fail) => server.once("error", fail).listen(`${short.path}/${name}`, done));
    await fs.chmod(path.join(folder, name), 0o666);
    await fs.chmod(folder, 0o755);
    const program = `require("node:net").connect("${inside.controlDirectory}/${name}").pipe(process.stdout)`;
    const command = [`${inside.programs}/node`, "-e", program] as const;
    const nobody = { uid: 65_534, gid: 65_534 };
    const user = process.geteuid?.() === 0 ? nobody : undefined;
    const launch = { profile: trialProfile(folder), command, limits, user, state, sandbox: "probe" };
    const jail = launchContainer(Promise.resolve(engine), launch);
    jail.stdin.end();
    const said = Promise.all([text(jail.stdout), text(jail.stderr)]);
    const [output, complaint] = await inTime(said, trialMsMax).finally(jail.kill);
    await jail.ended;
    if (output !== word) throw new Error(complaint.trim().split("\n").at(-1) || "it answered something else");
  } finally {
    server.close();
    await short.close();
    await fs.rm(path.join(folder, name), { force: true });
  }
};

/** Looks the engine over by running a container as a sandbox's is run. */
export const findDocker = async (question: DockerQuestion): Promise<FoundDocker | DockerRefusal> => {
  const socket = socketOf(question.dockerHost);
  if (socket === undefined)
    return { refusal: "DOCKER_HOST must name a socket of this machine: unix:///var/run/docker.sock" };
  const docker = engineAt(socket);
  const info = await inTime(docker.info() as Promise<EngineInfo>, answerMsMax).catch(() => undefined);
  if (info === undefined) return { refusal: `No Docker engine answers at ${socket}.` };
  const refusal = refusalOf(info) ?? (await imageRefusal(docker, question.image));
  if (refusal !== undefined) return { refusal };
  const controlGroup = info.CgroupDriver === "cgroupfs" ? `/${question.state}` : undefined;
  const engine = { docker, image: question.image, controlGroup };
  try {
    await tryContainer(engine, question);
  } catch (error) {
    return { refusal: `Docker can't run a sandbox (${error instanceof Error ? error.message : String(error)}).` };
  }
  return { ...engine, reason: degradationOf(info) };
};

/** Whether an engine that was found before still answers. */
export const isThere = ({ docker }: FoundDocker): Promise<boolean> =>
  inTime(docker.ping(), answerMsMax).then(
    () => true,
    () => false,
  );
