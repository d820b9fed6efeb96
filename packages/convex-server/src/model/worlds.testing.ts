import { type ChildProcess, fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Fixture, startFixture } from "../server.testing.ts";
import { SmallDisk } from "../storage/small-disk.testing.ts";

/** What may happen to a server: an orderly restart, a sudden end of its process, a disk without room and with room again. */
export type Disturbance = "restart" | "kill" | "full" | "room";

/** A server and what can be done to it. Its address stays the same. */
export interface World {
  readonly url: string;
  readonly disturbances: readonly Disturbance[];
  disturb(disturbance: Disturbance): Promise<void>;
  /** Milliseconds by which the server's clock is ahead. */
  setClock(offsetMs: number): void;
}

/** A server in this process. */
export class SameProcessWorld implements World {
  readonly disturbances = ["restart"] as const;
  readonly #fixture: Fixture;
  readonly #clock: { offsetMs: number };

  private constructor(fixture: Fixture, clock: { offsetMs: number }) {
    this.#fixture = fixture;
    this.#clock = clock;
  }

  static async start(): Promise<SameProcessWorld> {
    const clock = { offsetMs: 0 };
    return new SameProcessWorld(await startFixture({ now: () => Date.now() + clock.offsetMs }), clock);
  }

  get url(): string {
    return this.#fixture.url;
  }

  disturb(): Promise<void> {
    return this.#fixture.restart(Number(new URL(this.url).port));
  }

  setClock(offsetMs: number): void {
    this.#clock.offsetMs = offsetMs;
  }

  close(): Promise<void> {
    return this.#fixture.close();
  }
}

/** Below the range from which the system gives ports to outgoing connections, so that none of those takes it. */
export const freePort = async (): Promise<number> => {
  const port = randomInt(10_000, 32_000);
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
};

const entry = fileURLToPath(new URL("./process.testing.ts", import.meta.url));
const diskMebibytes = 64;

/** A server as a process of its own, on a small disk. */
export class ProcessWorld implements World {
  readonly disturbances = ["restart", "kill", "kill", "full", "room"] as const;
  readonly url: string;
  kills = 0;
  readonly #disk = new SmallDisk(diskMebibytes);
  readonly #port: number;
  #offsetMs = 0;
  #isFull = false;
  #child: ChildProcess | null = null;

  private constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<ProcessWorld> {
    const world = new ProcessWorld(await freePort());
    await world.#start();
    return world;
  }

  async disturb(disturbance: Disturbance): Promise<void> {
    switch (disturbance) {
      case "full":
        if (!this.#isFull) this.#disk.fill();
        this.#isFull = true;
        return;
      case "room":
        this.#makeRoom();
        return;
      case "kill":
        this.kills += 1;
        await this.#end("SIGKILL");
        return this.#start();
      case "restart":
        await this.#end("SIGTERM");
        return this.#start();
    }
  }

  setClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    this.#child?.send({ offsetMs });
  }

  async close(): Promise<void> {
    await this.#end("SIGTERM");
    this.#disk.remove();
  }

  #makeRoom(): void {
    if (this.#isFull) this.#disk.makeRoom();
    this.#isFull = false;
  }

  /** A server does not start on a full disk; whoever runs it makes room first. */
  async #start(): Promise<void> {
    this.#makeRoom();
    const child = fork(entry, [], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#child = child;
    const ended = once(child, "exit").then(() => {
      throw new Error("The server ended before it was ready.");
    });
    child.send({ port: this.#port, stateFolder: join(this.#disk.folder, "state"), offsetMs: this.#offsetMs });
    await Promise.race([once(child, "message"), ended]);
    ended.catch(() => undefined);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
