import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "../bootstrap.mjs";

const endGraceMs = 3_000;

/**
 * Builds web and worker; turbo skips what has not changed. Rejects with the builder's last words. An aborted `signal` ends
 * the build with all that it has started.
 */
export const build = (workspaces: readonly string[], signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const filters = workspaces.flatMap((name) => ["--filter", name]);
    const turbo = spawn(
      join(root, "node_modules/.bin/turbo"),
      ["run", "build", ...filters, "--output-logs=errors-only", "--no-color"],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: signal !== undefined },
    );
    const end = async () => {
      turbo.kill("SIGTERM");
      await Promise.race([once(turbo, "exit"), delay(endGraceMs)]);
      try {
        if (turbo.pid) process.kill(-turbo.pid, "SIGKILL");
      } catch {
        // All of it has ended.
      }
    };
    const onAbort = () => void end();
    signal?.addEventListener("abort", onAbort);
    let output = "";
    for (const stream of [turbo.stdout, turbo.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
    turbo.once("error", reject);
    turbo.once("exit", (code) => {
      signal?.removeEventListener("abort", onAbort);
      if (code === 0) resolve();
      else reject(new Error(output.slice(-4000)));
    });
  });
