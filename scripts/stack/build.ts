import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../bootstrap.mjs";

/** Builds web and worker; turbo skips what has not changed. Rejects with the builder's last words. */
export const build = (workspaces: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const filters = workspaces.flatMap((name) => ["--filter", name]);
    const turbo = spawn(
      join(root, "node_modules/.bin/turbo"),
      ["run", "build", ...filters, "--output-logs=errors-only", "--no-color"],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    let output = "";
    for (const stream of [turbo.stdout, turbo.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
    turbo.once("error", reject);
    turbo.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(output.slice(-4000)))));
  });
