import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A Debian package and the program by which it is recognised. */
export interface SystemPackage {
  readonly name: string;
  readonly program: string;
  readonly purpose: string;
}

export const sandboxPackages: readonly SystemPackage[] = [
  { name: "bubblewrap", program: "bwrap", purpose: "sandboxes" },
  { name: "ripgrep", program: "rg", purpose: "file search in sandboxes" },
  { name: "git", program: "git", purpose: "git in sandboxes" },
  { name: "restic", program: "restic", purpose: "snapshots of sandboxes" },
  { name: "perl", program: "perl", purpose: "the shell in sandboxes" },
];

/** What sandboxes are tried with, which everybody's have who use them. */
export const clientPackages: readonly SystemPackage[] = [
  { name: "curl", program: "curl", purpose: "tests of the way out of a sandbox" },
  { name: "wget", program: "wget", purpose: "tests of the way out of a sandbox" },
  { name: "python3", program: "python3", purpose: "tests of the way out of a sandbox" },
  { name: "python3-pip", program: "pip3", purpose: "tests of the way out of a sandbox" },
];

export const browserPackages: readonly SystemPackage[] = [
  { name: "chromium", program: "chromium", purpose: "browser tests" },
  { name: "openssl", program: "openssl", purpose: "certificates in browser tests" },
];

/** Those of which no folder of `path` holds the program. */
export const missingFrom = (wanted: readonly SystemPackage[], path: string): readonly SystemPackage[] =>
  wanted.filter(({ program }) => !path.split(":").some((folder) => existsSync(`${folder}/${program}`)));

const apt = (args: string[]) =>
  spawnSync("apt-get", args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status === 0;

/**
 * Installs what is missing when this is root on Debian. Returns the packages that are still missing, so that the
 * caller can say what a person has to do.
 */
export const ensureSystemPackages = (wanted: readonly SystemPackage[]): readonly SystemPackage[] => {
  const path = process.env.PATH ?? "";
  const missing = missingFrom(wanted, path);
  if (missing.length === 0) return [];
  const canInstall = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  if (canInstall) {
    console.log(`Installing ${missing.map(({ name }) => name).join(", ")} from Debian …`);
    apt(["update", "-qq"]);
    apt(["install", "-y", "-qq", "--no-install-recommends", ...missing.map(({ name }) => name)]);
  }
  return missingFrom(missing, path);
};

export const installHint = (missing: readonly SystemPackage[]): string =>
  `${missing.map(({ name, purpose }) => `${name} (${purpose})`).join(", ")} not found. ` +
  `Install with: sudo apt-get install ${missing.map(({ name }) => name).join(" ")}`;
