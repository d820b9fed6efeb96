import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { type HostClient, hostClient } from "./host.testing.ts";

export interface HostProcess extends HostClient {
  readonly child: ChildProcess & { readonly stdout: Readable };
  /** Settles with the exit code. */
  readonly ended: Promise<number | null>;
}

/** A host in a process of its own; resolves when it listens. */
export const startProcess = async (environment: Record<string, string>): Promise<HostProcess> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "main.ts")], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== "object" || entry === null || !("event" in entry) || entry.event !== "host.ready") continue;
    if (!("url" in entry) || typeof entry.url !== "string") continue;
    child.stdout.resume();
    return { child, ended, ...hostClient(entry.url) };
  }
  throw new Error("The host ended before it listened.");
};
