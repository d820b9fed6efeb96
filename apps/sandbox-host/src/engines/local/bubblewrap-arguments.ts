import type { JailProfile, Mount } from "./profile.ts";

const mountArguments = (mount: Mount): readonly string[] => {
  switch (mount.kind) {
    case "bind":
      return ["--bind", mount.from, mount.to];
    case "roBind":
      return ["--ro-bind", mount.from, mount.to];
    case "devBind":
      return ["--dev-bind", mount.from, mount.to];
    case "overlay":
      throw new Error("bubblewrap knows no overlay: a root host stages it.");
    case "symlink":
      return ["--symlink", mount.target, mount.to];
    case "tmpfs":
      return [...(mount.bytes > 0 ? ["--size", String(mount.bytes)] : []), "--tmpfs", mount.to];
    case "proc":
      return ["--proc", mount.to];
    case "dev":
      return ["--dev", mount.to];
    case "directory":
      return ["--dir", mount.to];
    case "remountReadOnly":
      return ["--remount-ro", mount.to];
  }
};

/**
 * The profile in bubblewrap's words, without the program to run. Handed over by `--args`, because `/proc/1/cmdline`
 * inside shows bubblewrap's own command line. `filterFd` is the descriptor that carries the system call filter.
 */
export const bubblewrapArguments = (profile: JailProfile, filterFd: number | undefined): readonly string[] => [
  ...profile.namespaces.map((namespace) => `--unshare-${namespace}`),
  ...(profile.canNestUserNamespaces ? [] : ["--disable-userns"]),
  ...(profile.identity ? ["--uid", String(profile.identity.uid), "--gid", String(profile.identity.gid)] : []),
  ...(profile.hostname === undefined ? [] : ["--hostname", profile.hostname]),
  ...(profile.keepsCapabilities ? [] : ["--cap-drop", "ALL"]),
  ...(profile.capabilities ?? []).flatMap((capability) => ["--cap-add", capability]),
  ...(profile.keepsTerminal ? [] : ["--new-session"]),
  ...(profile.diesWithParent ? ["--die-with-parent"] : []),
  ...(profile.keepsEnvironment ? [] : ["--clearenv"]),
  ...profile.mounts.flatMap(mountArguments),
  ...Object.entries(profile.environment).flatMap(([name, value]) => ["--setenv", name, value]),
  "--chdir",
  profile.workingDirectory,
  ...(filterFd === undefined ? [] : ["--seccomp", String(filterFd)]),
];

/** NUL-separated, as `--args` reads them. */
export const encodeArguments = (list: readonly string[]): Buffer => Buffer.from(list.map((one) => `${one}\0`).join(""));
