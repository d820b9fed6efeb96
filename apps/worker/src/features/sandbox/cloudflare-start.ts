import { Generation, type SandboxName } from "@threadbox/contracts/ids";
import {
  agentShell,
  openCodeArguments,
  openCodeFlags,
  openCodeReadyLine,
  openCodeStartEnvironment,
  workspacePath,
} from "@threadbox/contracts/opencode";
import type { HostedSandbox, StartFile } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import { processesMax } from "./bounds.ts";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";
import type { StartRequest } from "./provider.ts";

const processPrefix = "opencode-";
const readyTimeoutMs = 60_000;
const isGeneration = Schema.is(Generation);

/** Asked first everywhere, because any other call wakes a container that sleeps. */
export const isContainerUp = async (client: CloudflareSandboxClient): Promise<boolean> => {
  const { status } = await client.getState();
  return status === "running" || status === "healthy";
};

/** OpenCode's process carries its generation in its id: a fresh container of the same name has no such process. */
export const findHosted = async (client: CloudflareSandboxClient, name: SandboxName): Promise<HostedSandbox | null> => {
  if (!(await isContainerUp(client))) return null;
  const processes = await client.listProcesses();
  if (processes.length > processesMax) throw new Error("The container lists more processes than it can have.");
  const found = processes
    .filter(({ id }) => id.startsWith(processPrefix))
    .map(({ id, status }) => ({ generation: Number(id.slice(processPrefix.length)), status }))
    .sort((a, b) => b.generation - a.generation)[0];
  if (found === undefined || !isGeneration(found.generation)) return null;
  const isAlive = found.status === "running" || found.status === "starting";
  return {
    name,
    generation: found.generation,
    status: isAlive ? "ready" : "failed",
    reason: isAlive ? "OpenCode is running." : "OpenCode has ended.",
  };
};

const home = "/root";

/** A container is fresh: nothing stands in the place of a file. */
const writeFiles = async (client: CloudflareSandboxClient, files: readonly StartFile[]): Promise<void> => {
  for (const { path, content } of files) {
    const at = `${home}/${path}`;
    await client.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    await client.writeFile(at, content);
    await client.exec(`chmod 600 ${at}`);
  }
};

/** The container class's handler of whatever leaves a container: see `leaveContainer` of the egress. */
export const wayOutHandler = "leave";

/**
 * From now on what leaves this container is asked about in this start's name. Without an owner nothing leaves. The list of
 * hosts of the platform lets every host come that far: it would keep a host from its handler otherwise.
 */
const openWayOut = async (client: CloudflareSandboxClient, { owner, generation }: StartRequest): Promise<void> => {
  if (owner === undefined) return;
  await client.setOutboundHandler(wayOutHandler, { threadId: owner, generation });
  await client.setAllowedHosts(["*"]);
};

/** Where the platform puts the certificate of the authority that ends the container's TLS. */
const authorityPath = "/etc/cloudflare/certs/cloudflare-containers-ca.crt";

/** Starts OpenCode in a fresh container and waits for the line it prints once it serves. */
export const startOpenCode = async (
  client: CloudflareSandboxClient,
  name: SandboxName,
  request: StartRequest,
): Promise<HostedSandbox> => {
  await openWayOut(client, request);
  await writeFiles(client, request.files ?? []);
  const process = await client.startProcess(["opencode", ...openCodeArguments("0.0.0.0")].join(" "), {
    processId: `${processPrefix}${request.generation}`,
    cwd: workspacePath,
    env: {
      NODE_EXTRA_CA_CERTS: authorityPath,
      ...openCodeFlags,
      ...openCodeStartEnvironment(request),
      SHELL: agentShell,
    },
    // The record of an ended OpenCode is how a crash is told from a container that was replaced.
    autoCleanup: false,
  });
  await process.waitForLog(openCodeReadyLine, readyTimeoutMs);
  return { name, generation: request.generation, status: "ready", reason: "OpenCode is running." };
};
