import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { run } from "../step.ts";

/** Whether an engine answers there. */
export const answers = async (dockerHost: string): Promise<boolean> =>
  (await run("docker", ["docker", "--host", dockerHost, "version"])).isOk;

export interface OwnEngine {
  readonly dockerHost: string;
  stop(): Promise<void>;
}

const tries = 120;

/** An engine of our own, as root: it shares nothing with one that the machine may have, and changes none of its networks. */
export const startOwnEngine = async (folder: string): Promise<OwnEngine | { readonly refusal: string }> => {
  mkdirSync(folder, { recursive: true });
  const dockerHost = `unix://${join(folder, "docker.sock")}`;
  const said = openSync(join(folder, "dockerd.log"), "w");
  const child = spawn(
    "dockerd",
    [
      ...["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "--pidfile", join(folder, "pid")],
      ...["--host", dockerHost, "--bridge=none", "--iptables=false", "--ip6tables=false"],
    ],
    { stdio: ["ignore", said, said] },
  );
  const ended = new Promise<void>((done) => child.once("exit", () => done()).once("error", () => done()));
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  for (let round = 0; round < tries; round += 1) {
    if (await answers(dockerHost)) return { dockerHost, stop };
    if (child.exitCode !== null) break;
    await setTimeout(250);
  }
  await stop();
  return { refusal: `dockerd didn't begin to answer: see ${join(folder, "dockerd.log")}` };
};
