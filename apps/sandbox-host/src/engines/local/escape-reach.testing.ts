import type { EscapeRow } from "./escape-row.testing.ts";

/** Rows for what a program inside may reach: networks, processes, devices, folders. */
export const reachRows: readonly EscapeRow[] = [
  {
    id: "A51",
    name: "connect to a server on the host's loopback",
    probe: `
      use IO::Socket::INET;
      my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $host{tcpPort}, Timeout => 2);
      $socket ? escaped("connected") : contained("$!");`,
    isOpenInNaive: "always",
  },
  {
    id: "A51",
    name: "connect to an abstract Unix socket of the host",
    probe: `
      use Socket;
      socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or die;
      connect($socket, pack("S a*", 1, "\\0" . $host{abstractSocket})) ? escaped("connected") : contained("$!");`,
    isOpenInNaive: "always",
  },
  {
    id: "A51",
    name: "a socket of docker, D-Bus, X11 or an agent",
    probe: `
      for (glob("/run/docker.sock /var/run/docker.sock /run/dbus/system_bus_socket /tmp/.X11-unix/* /run/user/* /tmp/ssh-*")) {
        escaped($_) if -e $_;
      }`,
    isOpenInNaive: "depends",
  },
  {
    id: "A51",
    name: "any way out of the network namespace but its loopback",
    probe: `
      my @lines = grep { /:/ && !/^\\s*lo:/ } split /\\n/, slurp("/proc/net/dev");
      @lines ? escaped("interfaces: " . scalar(@lines)) : contained("loopback only");`,
    isOpenInNaive: "depends",
  },
  {
    id: "A52",
    name: "processes of the host in /proc",
    probe: `-d "/proc/$host{pid}" && slurp("/proc/$host{pid}/cmdline") =~ /node|vitest/ ? escaped("seen") : contained("not there");`,
    isOpenInNaive: "always",
  },
  {
    id: "A52",
    name: "the host's environment",
    probe: `
      for my $file ("/proc/self/environ", "/proc/1/environ") { escaped($file) if index(slurp($file), $host{canary}) >= 0 }`,
    isOpenInNaive: "always",
  },
  {
    id: "A52",
    name: "paths of the host in the command line of the first process",
    probe: `
      my $line = slurp("/proc/1/cmdline");
      $line =~ m{^(bwrap|/usr/bin/tini)\\b} && index($line, $host{statePath}) < 0 ? contained($1) : escaped("the host's first process");`,
    isOpenInNaive: "always",
  },
  {
    id: "A52",
    name: "another root through /proc/*/root",
    probe: `
      for my $root (glob("/proc/[0-9]*/root")) { escaped($root) if -d "$root$host{statePath}" }`,
    isOpenInNaive: "asRoot",
  },
  {
    id: "A52",
    name: "kernel memory, kernel log and system requests",
    probe: `
      for (["<", "/proc/kcore"], ["<", "/dev/kmsg"], ["<", "/dev/mem"], [">>", "/proc/sysrq-trigger"], [">>", "/proc/sys/kernel/core_pattern"]) {
        open(my $file, $_->[0], $_->[1]) and escaped($_->[1]);
      }`,
    isOpenInNaive: "asRoot",
  },
  {
    id: "A52",
    name: "block devices",
    probe: `for (glob("/dev/*")) { escaped($_) if -b $_ && open(my $file, "<", $_) }`,
    isOpenInNaive: "depends",
  },
  {
    id: "A52",
    name: "control groups",
    probe: `
      for (glob("/sys/fs/cgroup/* /sys/fs/cgroup/*/tasks /sys/fs/cgroup/cgroup.procs")) { escaped($_) if open(my $file, ">>", $_) }
      mkdir("/sys/fs/cgroup/escape") and escaped("a group of its own");`,
    isOpenInNaive: "depends",
  },
  {
    id: "A52",
    name: "capabilities, or new ones through a set-user-id program",
    probe: `
      my $status = slurp("/proc/self/status");
      for my $set (qw(CapInh CapPrm CapEff CapBnd CapAmb)) { escaped($set) unless $status =~ /^$set:\\s*0+$/m }
      $status =~ /^NoNewPrivs:\\s*1$/m ? contained("none") : escaped("set-user-id programs work");`,
    isOpenInNaive: "asRoot",
  },
  {
    id: "A53",
    name: "a process without a system call filter",
    probe: `slurp("/proc/self/status") =~ /^Seccomp:\\s*2$/m ? contained("filtered") : escaped("no filter");`,
    isOpenInNaive: "always",
  },
  {
    id: "A52",
    name: "write to anything but workspace, home, /tmp, /dev/shm and the control folder",
    probe: `
      for my $folder (qw(/ /usr /usr/bin /etc /dev /opt /opt/threadbox/bin /opt/threadbox/supervisor /run /run/threadbox /home /var /proc /proc/sys/kernel)) {
        open(my $file, ">", "$folder/escape") or next;
        unlink("$folder/escape");
        escaped($folder);
      }`,
    isOpenInNaive: "asRoot",
  },
  {
    id: "A52",
    name: "the host's users and names",
    needs: "jail",
    probe: `
      my @users = grep { !/^(root|agent):/ } split /\\n/, slurp("/etc/passwd");
      escaped("users: " . scalar(@users)) if @users;
      -e "/etc/shadow" || -e "/etc/hostname" || -e "/etc/machine-id" ? escaped("files of the host") : contained("none");`,
    isOpenInNaive: "always",
  },
];
