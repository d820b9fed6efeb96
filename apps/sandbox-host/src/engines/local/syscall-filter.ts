import { assemble, type Instruction } from "./bpf.ts";
import { auditArchitecture, type Machine, type Syscall, syscallNumber } from "./syscalls.ts";

/** What programs in a sandbox may not ask of the kernel. Everything that is not named here is allowed. */
export interface SyscallPolicy {
  /** Answered with EPERM. */
  readonly denied: readonly Syscall[];
  /** Answered with ENOSYS, so that callers fall back to an older call that can be judged by its arguments. */
  readonly missing: readonly Syscall[];
  /** `clone` with any of these flags is answered with EPERM. */
  readonly deniedCloneFlags: number;
  /** `ioctl` with one of these requests is answered with EPERM; only the low 32 bits count, as in the kernel. */
  readonly deniedIoctls: readonly number[];
  /** `socket` with any other address family is answered with EPERM. */
  readonly allowedSocketFamilies: readonly number[];
  /** Protocols, of any address family, with which `socket` is answered with EPERM. */
  readonly deniedSocketProtocols: readonly number[];
  /** `socket` of AF_NETLINK with any other protocol is answered with EPERM. */
  readonly allowedNetlinkProtocols: readonly number[];
}

export const jailSyscalls: SyscallPolicy = {
  denied: [
    // Kernel interfaces with a long record of privilege escalation.
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "bpf",
    "userfaultfd",
    "perf_event_open",
    "keyctl",
    "add_key",
    "request_key",
    // Reaching into other processes.
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    "move_pages",
    "migrate_pages",
    "mbind",
    "set_mempolicy",
    // Mounts, roots and namespaces.
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_tree",
    "open_tree_attr",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "unshare",
    "setns",
    "open_by_handle_at",
    "name_to_handle_at",
    "fanotify_init",
    "lookup_dcookie",
    // The machine itself.
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "query_module",
    "get_kernel_syms",
    "kexec_load",
    "kexec_file_load",
    "syslog",
    "personality",
    "acct",
    "swapon",
    "swapoff",
    "reboot",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "quotactl",
    "quotactl_fd",
    "nfsservctl",
    "vhangup",
    "iopl",
    "ioperm",
    "modify_ldt",
    "uselib",
    "sysfs",
  ],
  missing: ["clone3"],
  /** CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET */
  deniedCloneFlags: 0x7e020000,
  /** TIOCSTI types into the terminal, TIOCLINUX pastes into it. */
  deniedIoctls: [0x5412, 0x541c],
  /** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Not AF_VSOCK above all: a network namespace does not hold it. */
  allowedSocketFamilies: [1, 2, 10, 16],
  /** IPPROTO_MPTCP: no limit counts what it buffers. Programs fall back to TCP. */
  deniedSocketProtocols: [262],
  /** NETLINK_ROUTE. What programs send each other through NETLINK_USERSOCK no limit counts. */
  allowedNetlinkProtocols: [0],
};

const action = { allow: 0x7fff0000, killProcess: 0x80000000, errno: 0x00050000 } as const;
const netlinkFamily = 16;
const eperm = 1;
const enosys = 38;
/** Offsets in `struct seccomp_data`; arguments are 64 bits wide and their low word comes first. */
const field = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index } as const;
/** Calls of the x32 interface carry this bit and would pass a filter on numbers alone. */
const x32Bit = 0x40000000;

/** The program as instructions; a process of another architecture (32-bit code) is killed. */
export const filterProgram = (policy: SyscallPolicy, machine: Machine): readonly Instruction[] => {
  const jumps = (names: readonly Syscall[], label: string): Instruction[] =>
    names.flatMap((name): Instruction[] => {
      const k = syscallNumber(machine, name);
      return k === null ? [] : [{ op: "jumpIfEqual", k, whenTrue: label }];
    });
  return [
    { op: "load", k: field.architecture },
    { op: "jumpIfEqual", k: auditArchitecture[machine], whenFalse: "kill" },
    { op: "load", k: field.number },
    ...(machine === "x64" ? [{ op: "jumpIfAtLeast", k: x32Bit, whenTrue: "deny" } as const] : []),
    ...jumps(policy.denied, "deny"),
    ...jumps(policy.missing, "missing"),
    ...jumps(["clone"], "clone"),
    ...jumps(["ioctl"], "ioctl"),
    ...jumps(["socket"], "socket"),
    { op: "return", k: action.allow },
    { op: "label", name: "clone" },
    { op: "load", k: field.argument(0) },
    { op: "jumpIfAnyBit", k: policy.deniedCloneFlags, whenTrue: "deny", whenFalse: "allow" },
    { op: "label", name: "ioctl" },
    { op: "load", k: field.argument(1) },
    ...policy.deniedIoctls.map((k): Instruction => ({ op: "jumpIfEqual", k, whenTrue: "deny" })),
    { op: "return", k: action.allow },
    { op: "label", name: "socket" },
    { op: "load", k: field.argument(0) },
    { op: "jumpIfEqual", k: netlinkFamily, whenTrue: "netlink" },
    ...policy.allowedSocketFamilies.map((k): Instruction => ({ op: "jumpIfEqual", k, whenTrue: "protocol" })),
    { op: "return", k: action.errno | eperm },
    { op: "label", name: "netlink" },
    { op: "load", k: field.argument(2) },
    ...policy.allowedNetlinkProtocols.map((k): Instruction => ({ op: "jumpIfEqual", k, whenTrue: "allow" })),
    { op: "return", k: action.errno | eperm },
    { op: "label", name: "protocol" },
    { op: "load", k: field.argument(2) },
    ...policy.deniedSocketProtocols.map((k): Instruction => ({ op: "jumpIfEqual", k, whenTrue: "deny" })),
    { op: "return", k: action.allow },
    { op: "label", name: "deny" },
    { op: "return", k: action.errno | eperm },
    { op: "label", name: "allow" },
    { op: "return", k: action.allow },
    { op: "label", name: "missing" },
    { op: "return", k: action.errno | enosys },
    { op: "label", name: "kill" },
    { op: "return", k: action.killProcess },
  ];
};

export const compileFilter = (policy: SyscallPolicy, machine: Machine): Buffer =>
  assemble(filterProgram(policy, machine));
