// Runs on whatever Node a person has (20 or newer), before any package is installed: nothing but node: imports here.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
// By name, a function that an old Node lacks would end the program before it could say so.
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".threadbox-installed");
const freeBytesMin = 3 * 1024 ** 3;

/** Ends the program with one clear sentence. */
export const refuse = (/** @type {string} */ sentence) => {
  console.error(`\nThreadbox can't start: ${sentence}`);
  process.exit(1);
};

/** What is wrong with a version of Node, if anything. */
export const nodeProblem = (/** @type {string} */ version) =>
  Number(version.split(".")[0]) < 20 ? `this is Node ${version}, and Threadbox needs Node 20 or newer.` : undefined;

/** What is wrong with the room for the packages, if anything. */
export const roomProblem = (/** @type {number} */ freeBytes) =>
  freeBytes < freeBytesMin
    ? `only ${Math.floor(freeBytes / 1024 ** 2)} MB of disk space is free, and the packages need about 3 GB.`
    : undefined;

const lockDigest = () =>
  createHash("sha256")
    .update(fs.readFileSync(join(root, "package-lock.json")))
    .digest("hex");

const endings = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
const parentIntervalMs = 1000;

/**
 * Runs a program to its end and resolves to its exit code, 1 after a signal. What is to end this process reaches the
 * program instead, which cleans up; so does the end of the `npm` that started this process, since npm hands on no SIGHUP.
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>}
 */
const runToItsEnd = (program, args, options) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, ...options });
    const end = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    for (const signal of endings) process.on(signal, end);
    const npm = process.ppid;
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event !== undefined && process.ppid !== npm) end("SIGTERM");
    }, parentIntervalMs);
    const settle = (/** @type {number} */ code) => {
      clearInterval(watch);
      for (const signal of endings) process.off(signal, end);
      resolve(code);
    };
    child.once("error", () => settle(1));
    child.once("exit", (code) => settle(code ?? 1));
  });

/** Installs the npm packages when the lockfile is not the one that was installed last. */
const ensurePackages = async () => {
  const digest = lockDigest();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === digest) return;
  const { bavail, bsize } = fs.statfsSync(root);
  const problem = roomProblem(bavail * bsize);
  if (problem) refuse(problem);
  console.log("Installing npm packages (about 1.3 GB, one to three minutes) …");
  // Not `npm ci`: it refuses a lockfile when a registry lacks one optional package of some other platform.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await runToItsEnd("npm", args, { stdio: ["ignore", "inherit", "inherit"] });
  if (code !== 0) refuse("npm install failed. See its output above.");
  fs.mkdirSync(dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, digest);
};

/** Environment in which `node` is the pinned one and the workspace's tools are found by name. */
export const ownEnvironment = () => ({
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH ?? ""}`,
  TURBO_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
  DO_NOT_TRACK: "1",
});

/**
 * Makes sure of Node and packages, then runs `entry` on the pinned Node and ends as it ends. `entry` has a channel to this
 * process, whose "disconnect" tells it that this process is gone.
 * @param {string} entry path of a TypeScript file, relative to the repository
 * @param {string[]} args
 */
export const runOnPinnedNode = async (entry, args = process.argv.slice(2)) => {
  const problem = nodeProblem(process.versions.node);
  if (problem) refuse(problem);
  await ensurePackages();
  const node = join(root, "node_modules", ".bin", "node");
  const stdio = /** @type {const} */ (["inherit", "inherit", "inherit", "ipc"]);
  process.exit(await runToItsEnd(node, [join(root, entry), ...args], { env: ownEnvironment(), stdio: [...stdio] }));
};
