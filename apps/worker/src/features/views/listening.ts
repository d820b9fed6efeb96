import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import type { ListeningPort } from "@threadbox/contracts/views";

const lookMsMax = 5_000;
const shownMax = 100;
const nameLengthMax = 64;

/** Prints the sockets of the sandbox, the names of its programs, and what they hold open. */
export const listeningProgram: ExecRequest = {
  argv: [
    "sh",
    "-c",
    "cat /proc/net/tcp /proc/net/tcp6; ls -l /proc/[0-9]*/exe; ls -l /proc/[0-9]*/fd | grep -E '^/|socket:'; true",
  ],
  timeoutMs: lookMsMax,
};

/** `127.0.0.2`: where the sandbox's supervisor takes what is meant for hosts elsewhere. */
const takenAddress = "0200007F";

/** A listening socket in `/proc/net/tcp` or `tcp6`: `0A` is its state. */
const socketLine = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A \S+ \S+ \S+\s+\d+\s+\d+ (\d+)/;
const nameLine = / \/proc\/(\d+)\/exe -> (?:.*\/)?([^/]+)$/;
const folderLine = /^\/proc\/(\d+)\/fd:$/;
const heldLine = /socket:\[(\d+)\]$/;

/** What listens, by port; what is Threadbox's own is left out. Lines that are none of these say nothing. */
export const listeningPorts = ({ stdout }: ExecResult, isOurs: (port: number) => boolean): readonly ListeningPort[] => {
  const [inodes, names, holders] = [new Map<string, number>(), new Map<string, string>(), new Map<string, string>()];
  let holder = "";
  for (const line of stdout.split("\n")) {
    const [, address, port, inode] = socketLine.exec(line) ?? [];
    if (port !== undefined && inode !== undefined && address !== takenAddress)
      inodes.set(inode, Number.parseInt(port, 16));
    const [, pid, name] = nameLine.exec(line) ?? [];
    if (pid !== undefined && name !== undefined) names.set(pid, name.slice(0, nameLengthMax));
    holder = folderLine.exec(line)?.[1] ?? holder;
    const held = heldLine.exec(line)?.[1];
    if (held !== undefined && !holders.has(held)) holders.set(held, holder);
  }
  const ports = new Map<number, string>();
  for (const [inode, port] of inodes) {
    if (!isOurs(port) && (ports.get(port) ?? "") === "") ports.set(port, names.get(holders.get(inode) ?? "") ?? "");
  }
  return [...ports]
    .map(([port, program]) => ({ port, program }))
    .sort((a, b) => a.port - b.port)
    .slice(0, shownMax);
};
