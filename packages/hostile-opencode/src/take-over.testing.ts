import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Copies the files of a process that are its TCP sockets of port 4096: the one that listens becomes file 3 of the
 * program that follows, the ones it has accepted are shut. The process is stopped before, so that it answers nothing more.
 */
const script = `
use strict; use Socket; use Fcntl;
my $pid = shift @ARGV; my $listening;
kill 'STOP', $pid;
my $pidfd = syscall(434, $pid + 0, 0);
die "pidfd_open: $!" if $pidfd < 0;
for my $link (glob "/proc/$pid/fd/*") {
  my $target = readlink $link; next unless defined $target && $target =~ /^socket:/;
  $link =~ /(\\d+)$/;
  my $fd = syscall(438, $pidfd, $1 + 0, 0); next if $fd < 0;
  open(my $socket, '+<&=', $fd) or next;
  my $name = getsockname $socket; next unless defined $name;
  next unless sockaddr_family($name) == AF_INET && (unpack_sockaddr_in $name)[0] == 4096;
  if (unpack 'i', getsockopt($socket, SOL_SOCKET, SO_ACCEPTCONN)) { $listening = $socket } else { shutdown $socket, 2 }
}
die "nothing listens" unless $listening;
require POSIX; POSIX::dup2(fileno $listening, 3);
open(my $third, '+<&=', 3); fcntl($third, F_SETFD, 0);
exec @ARGV;
`;

/** Puts a hostile program in the place of an OpenCode server; answers what ends it, and the server with it. */
export const takeOver = async (pid: number, program: string): Promise<() => void> => {
  const hostile = new URL("main.testing.ts", import.meta.url).pathname;
  const child: ChildProcess = spawn("perl", ["-e", script, String(pid), process.execPath, hostile, program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  const listens = new Promise<void>((resolve) => {
    if (child.stdout !== null) createInterface({ input: child.stdout }).once("line", () => resolve());
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`The hostile program ended:\n${said.join("\n")}`);
  });
  await Promise.race([listens, ended]);
  ended.catch(() => {});
  return () => {
    child.kill("SIGKILL");
    process.kill(pid, "SIGKILL");
  };
};
