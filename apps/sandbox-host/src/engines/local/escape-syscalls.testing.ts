import type { EscapeRow } from "./escape-row.testing.ts";
import { type Machine, type Syscall, syscallNumber } from "./syscalls.ts";

/** Arguments are Perl expressions; calls with nonsense in them do nothing even where they are allowed. */
const calls: readonly (readonly [Syscall, string, EscapeRow["isOpenInNaive"]])[] = [
  ["unshare", "0x10000000", "always"],
  ["unshare", "0x00020000", "asRoot"],
  ["setns", "0, 0", "always"],
  ["clone3", "0, 0", "always"],
  ["mount", '"none", "/tmp", "tmpfs", 0, 0', "asRoot"],
  ["umount2", '"/tmp", 0', "asRoot"],
  ["pivot_root", '"/none", "/none"', "asRoot"],
  ["chroot", '"/"', "asRoot"],
  ["fsopen", '"tmpfs", 0', "asRoot"],
  ["open_tree", '-100, "/", 1', "asRoot"],
  ["move_mount", '-1, "", -1, "", 0', "asRoot"],
  ["mount_setattr", '-100, "/", 0, 0, 0', "depends"],
  ["name_to_handle_at", '-100, "/", 0, 0, 0', "always"],
  ["open_by_handle_at", "-1, 0, 0", "asRoot"],
  ["process_vm_readv", "$$, 0, 0, 0, 0, 0", "always"],
  ["process_vm_writev", "$$, 0, 0, 0, 0, 0", "always"],
  ["pidfd_getfd", "-1, 0, 0", "always"],
  ["kcmp", "$$, $$, 0, 0, 0", "depends"],
  ["keyctl", "0, -3, 0", "always"],
  ["add_key", "0, 0, 0, 0, 0", "always"],
  ["request_key", "0, 0, 0, 0", "always"],
  ["bpf", "0, 0, 0", "asRoot"],
  ["userfaultfd", "-1", "depends"],
  ["perf_event_open", "0, 0, -1, -1, 0", "always"],
  ["io_uring_setup", "0, 0", "depends"],
  ["io_uring_enter", "-1, 0, 0, 0, 0, 0", "depends"],
  ["io_uring_register", "-1, 0, 0, 0", "depends"],
  ["personality", "0xffffffff", "always"],
  ["syslog", "10, 0, 0", "asRoot"],
  ["init_module", "0, 0, 0", "depends"],
  ["finit_module", "-1, 0, 0", "depends"],
  ["quotactl", "0, 0, 0, 0", "depends"],
  ["acct", '"/none"', "asRoot"],
  ["swapon", '"/none", 0', "asRoot"],
  ["fanotify_init", "0, 0", "depends"],
];

/** Rows for what the system call filter must stop. */
export const syscallRows = (machine: Machine): readonly EscapeRow[] => {
  const number = (name: Syscall): number => syscallNumber(machine, name) ?? -1;
  return [
    ...calls.map(
      ([name, argv, isOpenInNaive]): EscapeRow => ({
        id: "A53",
        name: `${name}(${argv})`,
        // Perl hands strings over by address and wants them in variables.
        probe: `my @argv = (${argv}); filtered(syscall(${number(name)}, @argv));`,
        isOpenInNaive,
      }),
    ),
    {
      id: "A53",
      name: "clone with CLONE_NEWUSER",
      probe: `my $child = syscall(${number("clone")}, 0x10000011, 0, 0, 0, 0); exit 0 if $child == 0; filtered($child);`,
      isOpenInNaive: "always",
    },
    {
      id: "A53",
      name: "ptrace of another process",
      probe: `
        my $other = fork();
        if ($other == 0) { sleep(60); exit 0 }
        my $seized = syscall(${number("ptrace")}, 0x4206, $other, 0, 0);
        my $errno = $! + 0;
        kill("KILL", $other);
        $! = $errno;
        filtered($seized);`,
      isOpenInNaive: "asRoot",
    },
    {
      id: "A53",
      name: "a call of the x32 interface, which has numbers of its own",
      probe: "filtered(syscall(0x40000000 + 39));",
      isOpenInNaive: "depends",
    },
    {
      id: "A50",
      name: "ioctl TIOCSTI",
      probe: `my $byte = "x"; filtered(syscall(${number("ioctl")}, 0, 0x5412, $byte));`,
      isOpenInNaive: "always",
    },
    {
      id: "A50",
      name: "ioctl TIOCSTI with a high bit set, which the kernel ignores",
      probe: `my $byte = "x"; filtered(syscall(${number("ioctl")}, 0, 0x100005412, $byte));`,
      isOpenInNaive: "always",
    },
    {
      id: "A50",
      name: "ioctl TIOCLINUX",
      probe: `my $byte = "x"; filtered(syscall(${number("ioctl")}, 0, 0x541c, $byte));`,
      isOpenInNaive: "always",
    },
    {
      id: "A51",
      name: "a VSOCK socket, which reaches the hypervisor past every network namespace",
      probe: `filtered(syscall(${number("socket")}, 40, 1, 0));`,
      isOpenInNaive: "depends",
    },
    {
      id: "A55",
      name: "a netlink socket between programs, whose buffers nobody counts",
      probe: `filtered(syscall(${number("socket")}, 16, 2, 2));`,
      isOpenInNaive: "always",
    },
    {
      id: "A55",
      name: "a multipath TCP socket, whose buffers nobody counts",
      probe: `filtered(syscall(${number("socket")}, 2, 1, 262));`,
      isOpenInNaive: "depends",
    },
    {
      id: "A53",
      name: "a packet socket",
      probe: `filtered(syscall(${number("socket")}, 17, 3, 0));`,
      isOpenInNaive: "asRoot",
    },
    {
      id: "A53",
      name: "a socket of the kernel's crypto interface",
      probe: `filtered(syscall(${number("socket")}, 38, 5, 0));`,
      isOpenInNaive: "depends",
    },
  ];
};
