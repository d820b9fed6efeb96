/**
 * Runs the sandbox host's suites on containers: on the engine that DOCKER_HOST names or the machine has, otherwise, as root on
 * Debian, on one of its own. What is made for that is kept in `.threadbox/docker` for the next time.
 */
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { buildImage, defaultBase, imageName } from "./docker/build-image.ts";
import { debianBase } from "./docker/debian-base.ts";
import { answers, startOwnEngine } from "./docker/own-engine.ts";
import { run } from "./step.ts";
import { ensureSystemPackages, installHint } from "./system-packages.ts";

const folder = join(root, ".threadbox", "docker");
const packages = [
  { name: "docker.io", program: "dockerd", purpose: "an engine for Docker sandboxes" },
  { name: "debootstrap", program: "debootstrap", purpose: "their image" },
];
/** What a container can't do, or what is told of jails alone. */
const leftOut = ["src/host-trials.test.ts", "src/host-disks.test.ts", "src/host-recovery.test.ts"];

const refuse = (sentence: string): never => {
  console.error(`Docker sandboxes can't be tested here: ${sentence}`);
  process.exit(1);
};

const findEngine = async (): Promise<{ readonly dockerHost: string; readonly stop: () => Promise<void> }> => {
  const given = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  if (await answers(given)) return { dockerHost: given, stop: async () => {} };
  const missing = ensureSystemPackages(packages);
  if (missing.length > 0) return refuse(installHint(missing));
  if (process.getuid?.() !== 0) return refuse(`no engine answers at ${given}, and only root can start one.`);
  const own = await startOwnEngine(folder);
  return "refusal" in own ? refuse(own.refusal) : own;
};

const { dockerHost, stop } = await findEngine();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stop().finally(() => process.exit(1)));
try {
  const env = { DOCKER_HOST: dockerHost, TEST_DOCKER_HOST: dockerHost };
  const isNew =
    process.argv.includes("--rebuild") ||
    !(await run("image", ["docker", "image", "inspect", imageName], { env })).isOk;
  if (isNew) {
    const base = defaultBase();
    const isPulled = (await run("pull", ["docker", "pull", base], { env, isLoud: true })).isOk;
    const from = isPulled ? base : await debianBase(folder, dockerHost);
    if (!(await buildImage({ base: from, dockerHost, network: "host" })))
      throw new Error("the image couldn't be built.");
  }
  const cwd = join(root, "apps/sandbox-host");
  const vitest = ["vitest", "run"];
  const both = await run("contract", [...vitest, "src/engines/docker", "src/engines/engine.contract"], {
    cwd,
    env,
    isLoud: true,
  });
  const hosts = ["src/host", "src/repository-trust", ...leftOut.flatMap((file) => ["--exclude", file])];
  const whole = await run("host", [...vitest, ...hosts], { cwd, env: { ...env, TEST_ENGINE: "docker" }, isLoud: true });
  process.exitCode = both.isOk && whole.isOk ? 0 : 1;
} catch (error) {
  console.error(`Docker sandboxes can't be tested here: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stop();
}
