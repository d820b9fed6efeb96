import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { SandboxHostClient } from "./sandbox-host-client.ts";

const program = new URL("./behind-port.ts", import.meta.url).pathname;

/** Runs the bench's own server inside a sandbox until that ends; resolves once it answers. */
export const runBehindPort = async (host: SandboxHostClient, sandbox: string, port: number): Promise<void> => {
  await host.writeFile(sandbox, "behind-port.ts", readFileSync(program, "utf8"));
  // Its answer comes with the sandbox's end and is of no interest.
  host.exec(sandbox, ["node", "/workspace/behind-port.ts", String(port)], 1_200_000).catch(() => {});
  const { url, headers } = host.port(sandbox, port);
  const deadline = performance.now() + 20_000;
  for (;;) {
    const response = await fetch(`${url}/json`, { headers, signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    if (performance.now() > deadline) throw new Error("The program in the sandbox cannot be reached.");
    await delay(50);
  }
};
