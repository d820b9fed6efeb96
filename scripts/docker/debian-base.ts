import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../step.ts";

const suite = "bookworm";
const mirror = "http://deb.debian.org/debian";
const baseName = "threadbox-base";
const trusted = "/etc/ssl/certs/ca-certificates.crt";

/** Node of this process, and npm of the machine, at the places where Node's own images have them. */
const addNode = (rootFolder: string, npm: string): void => {
  const local = join(rootFolder, "usr/local");
  cpSync(process.execPath, join(local, "bin/node"));
  const modules = join(local, "lib/node_modules");
  mkdirSync(modules, { recursive: true });
  cpSync(npm, join(modules, "npm"), { recursive: true, dereference: true });
  for (const program of ["npm", "npx"]) {
    rmSync(join(local, "bin", program), { force: true });
    symlinkSync(`../lib/node_modules/npm/bin/${program}-cli.js`, join(local, "bin", program));
  }
};

/** The package that holds the program `npm` of this machine. */
const findNpm = async (): Promise<string> => {
  const { output } = await run("npm", ["sh", "-c", 'readlink -f "$(command -v npm)"']);
  return dirname(dirname(output.trim()));
};

const required = async (name: string, argv: readonly string[], env: Record<string, string> = {}): Promise<void> => {
  const { isOk, output } = await run(name, argv, { env });
  if (!isOk) throw new Error(`${name}: ${output.trim().split("\n").at(-1)}`);
};

/**
 * Debian from its packages alone, for a machine that reaches no registry of images; as root. It believes whom this machine
 * believes. Returns the name of the image.
 */
export const debianBase = async (folder: string, dockerHost: string): Promise<string> => {
  const rootFolder = join(folder, "base");
  if (!existsSync(join(rootFolder, "etc/debian_version"))) {
    rmSync(rootFolder, { recursive: true, force: true });
    await required("debootstrap", [
      "debootstrap",
      "--variant=minbase",
      "--include=ca-certificates",
      suite,
      rootFolder,
      mirror,
    ]);
  }
  addNode(rootFolder, await findNpm());
  if (existsSync(trusted)) cpSync(trusted, join(rootFolder, trusted));
  const change = `ENV NODE_EXTRA_CA_CERTS=${trusted}`;
  const script = 'tar -C "$1" -c . | docker import --change "$2" - "$3"';
  await required("docker import", ["sh", "-c", script, "sh", rootFolder, change, baseName], {
    DOCKER_HOST: dockerHost,
  });
  return baseName;
};
