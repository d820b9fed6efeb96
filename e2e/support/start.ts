import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Installation } from "./addresses.ts";
import { requireFreePorts } from "./claim.ts";

const root = join(import.meta.dirname, "../..");

/** Starts an installation exactly as `npm start` does, on the state folder as it is; resolves to what stops it. */
export const startAgain = async ({ env, appOrigin }: Installation): Promise<() => Promise<void>> => {
  const child = spawn(process.execPath, [join(root, "scripts/start.mjs")], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        heard.push(line);
        if (line.trim() === `Threadbox ready: ${appOrigin}`) resolve();
      });
    }
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${heard.slice(-40).join("\n")}`)));
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return () => {
    child.kill("SIGTERM");
    return ended;
  };
};

/** The first start of an installation: its state folder is empty. */
export const startInstallation = async (installation: Installation): Promise<() => Promise<void>> => {
  await requireFreePorts(installation.ports);
  rmSync(installation.home, { recursive: true, force: true });
  return startAgain(installation);
};
