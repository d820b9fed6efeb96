import * as fs from "node:fs/promises";
import { createRequire } from "node:module";
import * as path from "node:path";
import { byNameAddress } from "./inside/name-answers.ts";
import type { Mount } from "./profile.ts";

/** Top-level folders of programs and libraries; on a merged-/usr system all but the first are links. */
const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** Parts of `/etc` that programs need and that hold no secret and no name of this machine or its users. */
const systemFiles = [
  "/etc/alternatives",
  "/etc/bash.bashrc",
  "/etc/ca-certificates",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/mime.types",
  "/etc/pki/ca-trust",
  "/etc/pki/tls/certs",
  "/etc/profile",
  "/etc/protocols",
  "/etc/services",
  "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf",
  "/etc/terminfo",
];

/** Where Debian keeps the rules without which its Java doesn't start, one folder for each version. */
const findJava = async (): Promise<readonly string[]> =>
  (await fs.readdir("/etc")).filter((name) => /^java-\d+-openjdk$/.test(name)).map((name) => `/etc/${name}`);

/** What a sandbox sees of the machine it runs on, all of it read-only. */
export const findSystemMounts = async (): Promise<readonly Mount[]> => {
  const mounts: Mount[] = [];
  for (const to of [...systemFolders, ...systemFiles, ...(await findJava())]) {
    const stat = await fs.lstat(to).catch(() => undefined);
    if (stat === undefined) continue;
    if (stat.isSymbolicLink() && systemFolders.includes(to)) {
      mounts.push({ kind: "symlink", target: await fs.readlink(to), to });
    } else {
      mounts.push({ kind: "roBind", from: await fs.realpath(to), to });
    }
  }
  return mounts;
};

/** Where the distributions keep all certificates in one file, for programs that look nowhere else. */
const bundleFiles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"];

/** Those of them that this machine has. */
export const findSystemBundles = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const file of bundleFiles) {
    const stat = await fs.lstat(file).catch(() => undefined);
    if (stat?.isFile()) found.push(file);
  }
  return found;
};

/** Contents of the folder that stands in for the machine's own users and names. */
export const identityFiles = (uid: number, home: string): Readonly<Record<string, string>> => ({
  passwd: `root:x:0:0:root:/root:/usr/sbin/nologin\nagent:x:${uid}:${uid}:agent:${home}:/bin/bash\n`,
  group: `root:x:0:\nagent:x:${uid}:\n`,
  hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
  "resolv.conf": `nameserver ${byNameAddress}\noptions timeout:5 attempts:3\n`,
});

/**
 * OpenCode's executable for this machine. The platform packages come first, because `opencode-ai`'s own file is
 * only there where install scripts may run. Undefined when none is installed.
 */
export const findOpenCode = async (): Promise<string | undefined> => {
  const require = createRequire(import.meta.url);
  const folderOf = (resolve: () => string): string | undefined => {
    try {
      return path.dirname(resolve());
    } catch {
      return undefined;
    }
  };
  const platform = `opencode-linux-${process.arch}`;
  const needsBaseline = process.arch === "x64" && !(await fs.readFile("/proc/cpuinfo", "utf8")).includes(" avx2");
  const names = needsBaseline ? [`${platform}-baseline`] : [platform, `${platform}-baseline`];
  const files = names.flatMap((name) => {
    const folder = folderOf(() => require.resolve(`${name}/package.json`));
    return folder === undefined ? [] : [path.join(folder, "bin", "opencode")];
  });
  const own = folderOf(() => require.resolve("opencode-ai/package.json"));
  if (own !== undefined) files.push(path.join(own, "bin", "opencode.exe"));
  for (const file of files) {
    const isThere = await fs.access(file, fs.constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
};
