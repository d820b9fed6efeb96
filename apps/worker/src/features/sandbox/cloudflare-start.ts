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

/** Starts OpenCode in a fresh container and waits for the line it prints once it serves. */
export const startOpenCode = async (
  client: CloudflareSandboxClient,
  name: SandboxName,
  request: StartRequest,
): Promise<HostedSandbox> => {
  await client.setAllowedHosts([...request.egressAllowedHosts]);
  await writeFiles(client, request.files ?? []);
  const process = await client.startProcess(["opencode", ...openCodeArguments("0.0.0.0")].join(" "), {
    processId: `${processPrefix}${request.generation}`,
    cwd: workspacePath,
    env: { ...openCodeFlags, ...openCodeStartEnvironment(request), SHELL: agentShell },
    // The record of an ended OpenCode is how a crash is told from a container that was replaced.
    autoCleanup: false,
  });
  await process.waitForLog(openCodeReadyLine, readyTimeoutMs);
  return { name, generation: request.generation, status: "ready", reason: "OpenCode is running." };
};
