import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Installation, main } from "./addresses.ts";

export type ProcessName = "identity" | "convex" | "sandbox-host" | "worker" | "web";

/** Process id of one part of a running installation, as the supervisor recorded it. */
export const pidOf = (name: ProcessName, { home }: Installation = main): number => {
  const record = JSON.parse(readFileSync(join(home, "run.json"), "utf8")) as {
    processes: Record<string, { pid: number }>;
  };
  const pid = record.processes[name]?.pid;
  if (!pid) throw new Error(`${name} does not run`);
  return pid;
};

/** Kills one part with everything it spawned, as a crash would. The supervisor starts it again. */
export const killProcess = (name: ProcessName): void => {
  process.kill(-pidOf(name), "SIGKILL");
};

const parentOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
};

const descendsFrom = (pid: number, ancestor: number): boolean => {
  try {
    for (let at = pid; at > 1; at = parentOf(at)) if (at === ancestor) return true;
  } catch {
    // The process ended while it was looked at.
  }
  return false;
};

interface SandboxProcess {
  readonly pid: number;
  readonly commandLine: string;
  readonly environment: string;
}

const commandLineOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();

/** All processes inside an installation's sandboxes. */
export const sandboxProcesses = (of: Installation = main): readonly SandboxProcess[] => {
  const host = pidOf("sandbox-host", of);
  const ofHost = commandLineOf(host);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 1 && pid !== host && descendsFrom(pid, host))
    .flatMap((pid) => {
      try {
        const commandLine = commandLineOf(pid);
        // The host itself, about to become a program: it is looked at when it has.
        if (commandLine === ofHost) return [];
        return [{ pid, commandLine, environment: readFileSync(`/proc/${pid}/environ`, "utf8") }];
      } catch {
        return [];
      }
    });
};

/** Ids of all processes of this machine with this very command line, in a sandbox or out of it. */
export const processesNamed = (name: string): readonly number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 1 && commandLineOf(pid) === name;
      } catch {
        return false;
      }
    });

/** Jails that name the installation's folder and that its sandbox host knows nothing of: left over from an earlier one. */
export const orphanedJails = (of: Installation = main): readonly number[] => {
  const host = pidOf("sandbox-host", of);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        const commandLine = pid > 1 ? commandLineOf(pid) : "";
        return /\bbwrap /.test(commandLine) && commandLine.includes(of.home) && !descendsFrom(pid, host);
      } catch {
        return false;
      }
    });
};

/** Ids of all OpenCode servers of the installation. */
export const openCodeServers = (): readonly number[] =>
  sandboxProcesses()
    .filter(({ commandLine }) => /opencode\S* serve/.test(commandLine))
    .map(({ pid }) => pid);

/** Kills every OpenCode server of the installation, as the kernel's out-of-memory killer would. */
export const killOpenCode = (): number => {
  const servers = openCodeServers();
  for (const pid of servers) process.kill(pid, "SIGKILL");
  return servers.length;
};

/** Memory that one part holds with all it has spawned, in bytes. */
export const memoryOf = (name: ProcessName): number => {
  const ancestor = pidOf(name);
  let kibibytes = 0;
  for (const pid of readdirSync("/proc").map(Number)) {
    if (!(pid > 1) || !descendsFrom(pid, ancestor)) continue;
    try {
      kibibytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // The process ended while it was looked at.
    }
  }
  return kibibytes * 1024;
};
