import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";
import type { Jail } from "../local/launch.ts";
import { limitSockets } from "./container-groups.ts";
import { type ContainerLaunch, containerOptions } from "./container-options.ts";

/** An engine, and what containers of it are made of. */
export interface ContainerEngine {
  readonly docker: Docker;
  readonly image: string;
  /** Above the groups of our containers; absent where systemd makes them. */
  readonly controlGroup: string | undefined;
}

export interface ContainerJail extends Jail {
  /** Resolves when it runs, with what the engine says of it; rejects with the engine's own words. */
  readonly started: Promise<Docker.ContainerInspectInfo>;
  /** Whether the kernel has killed one of its processes for want of memory; known once it has ended. */
  wasOutOfMemory(): boolean;
}

/** Whatever fails of an end leaves a container to whoever reaps the next time. */
const remove = (container: Docker.Container): Promise<void> =>
  container.remove({ force: true, v: true }).then(
    () => {},
    () => {},
  );

/** Makes a container, and runs a program in it to its end. The caller consumes its streams. */
export const launchContainer = (
  engine: Promise<ContainerEngine>,
  launch: Omit<ContainerLaunch, "image" | "controlGroup">,
): ContainerJail => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const started = Promise.withResolvers<Docker.ContainerInspectInfo>();
  // Who doesn't ask learns of it by the end.
  started.promise.catch(() => {});
  const killed = Promise.withResolvers<void>();
  let isKilled = false;
  let isOutOfMemory = false;

  const run = async (container: Docker.Container): Promise<number | null> => {
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    stream.on("error", () => {});
    container.modem.demuxStream(stream, stdout, stderr);
    const drained = finished(stream, { writable: false }).catch(() => {});
    const ended = container.wait({ condition: "next-exit" }) as Promise<{ readonly StatusCode: number }>;
    ended.catch(() => {});
    if (isKilled) return null;
    await container.start();
    void killed.promise.then(() => container.kill().catch(() => {}));
    const info = await container.inspect();
    await limitSockets(info, launch.limits);
    stdin.pipe(stream);
    started.resolve(info);
    const { StatusCode } = await ended;
    await drained;
    isOutOfMemory = (await container.inspect().catch(() => undefined))?.State.OOMKilled === true;
    return isKilled ? null : StatusCode;
  };

  const whole = async (): Promise<number | null> => {
    const { docker, ...given } = await engine;
    const container = await docker.createContainer(containerOptions({ ...launch, ...given }));
    try {
      return await run(container);
    } finally {
      await remove(container);
    }
  };

  const ended = whole().then(
    (code) => ({ code, signal: null }),
    (error: unknown) => {
      started.reject(error);
      stderr.write(error instanceof Error ? error.message : String(error));
      return { code: null, signal: null };
    },
  );
  void ended.then(() => {
    started.reject(new Error("The container was ended before it ran."));
    for (const stream of [stdin, stdout, stderr]) stream.end();
  });
  return {
    stdin,
    stdout,
    stderr,
    ended,
    started: started.promise,
    wasOutOfMemory: () => isOutOfMemory,
    kill: () => {
      isKilled = true;
      killed.resolve();
    },
  };
};
