import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/bootstrap.mjs";
import { NotMeasurableError } from "../harness/metric.ts";
import { cpuMsOf, residentBytesOf, runningFamilyOf } from "../harness/processes.ts";
import { Child } from "./child.ts";
import { newFolder } from "./folders.ts";
import { freePorts } from "./listen.ts";

/** The first start builds web and worker. */
const readyTimeoutMs = 300_000;

/** The processes of `npm start` by the names in its run record. */
export type ProcessName = "identity" | "convex" | "sandbox-host" | "worker" | "web";

export interface Addresses {
  readonly app: string;
  readonly worker: string;
  readonly convex: string;
  readonly identity: string;
  readonly sandboxHost: string;
}

/** The part of `keys.json` with which the bench makes the tokens that the product's own machines would make. */
export interface ProductKeys {
  readonly threadToken: { readonly private: Readonly<Record<string, string>> };
  readonly serviceToken: { readonly private: Readonly<Record<string, string>> };
  readonly sandboxCredentialKey: string;
  readonly sandboxNameKey: string;
  readonly sandboxHostToken: string;
}

const startSupervisor = async (env: Readonly<Record<string, string>>): Promise<Child> => {
  const supervisor = new Child([process.execPath, join(root, "scripts/supervisor/main.ts")], { cwd: root, env });
  try {
    await supervisor.line(/^Threadbox ready:/, readyTimeoutMs);
    return supervisor;
  } catch (error) {
    await supervisor.stop(15_000);
    throw new NotMeasurableError(`the product does not start. ${error instanceof Error ? error.message : error}`);
  }
};

/** The whole product as `npm start` runs it, on ports and a state folder of its own. */
export class Product {
  #supervisor: Child;
  readonly #env: Readonly<Record<string, string>>;
  /** Its state folder. */
  readonly home: string;
  readonly addresses: Addresses;

  private constructor(supervisor: Child, env: Readonly<Record<string, string>>, home: string, addresses: Addresses) {
    this.#supervisor = supervisor;
    this.#env = env;
    this.home = home;
    this.addresses = addresses;
  }

  /** Starts it with a model provider of the bench's, or with the demo model; `more` is further configuration. */
  static async start(providerUrl?: string, more: Readonly<Record<string, string>> = {}): Promise<Product> {
    const [web, worker, convex, auth, sandboxHost, codemode, codemodeWatchdog] = await freePorts(7);
    const home = newFolder("home");
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "/root",
      PORT: String(web),
      WORKER_PORT: String(worker),
      CONVEX_PORT: String(convex),
      AUTH_PORT: String(auth),
      SANDBOX_HOST_PORT: String(sandboxHost),
      CODEMODE_PORT: String(codemode),
      CODEMODE_WATCHDOG_PORT: String(codemodeWatchdog),
      THREADBOX_HOME: home,
      SANDBOX_WARM: "0",
      ...(providerUrl === undefined ? {} : { MODEL_BASE_URL: providerUrl, MODEL_NAME: "bench" }),
      ...more,
    };
    try {
      return new Product(await startSupervisor(env), env, home, {
        app: `http://threadbox.localhost:${web}`,
        worker: `http://127.0.0.1:${worker}`,
        convex: `http://127.0.0.1:${convex}`,
        identity: `http://localhost:${auth}`,
        sandboxHost: `http://127.0.0.1:${sandboxHost}`,
      });
    } catch (error) {
      rmSync(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** Stops it, changes its state folder, and starts it again. */
  async restart(change: () => void): Promise<void> {
    await this.#supervisor.stop(20_000);
    change();
    this.#supervisor = await startSupervisor(this.#env);
  }

  get keys(): ProductKeys {
    return JSON.parse(readFileSync(join(this.home, "keys.json"), "utf8")) as ProductKeys;
  }

  #pidsOf(names: readonly ProcessName[]): readonly number[] {
    const { processes } = JSON.parse(readFileSync(join(this.home, "run.json"), "utf8")) as {
      readonly processes: Readonly<Record<string, { readonly pid: number }>>;
    };
    return names.flatMap((name) => processes[name]?.pid ?? []);
  }

  /** Ids of one of its processes and of all that it spawned and that runs now. */
  family(name: ProcessName): readonly number[] {
    return this.#pidsOf([name]).flatMap(runningFamilyOf);
  }

  /** Resident memory of one of its processes and all that it spawned, in bytes. */
  memory(name: ProcessName): number {
    return residentBytesOf(this.family(name));
  }

  /** CPU time so far of some of its processes and all that they spawned, in milliseconds. */
  cpuMs(...names: readonly ProcessName[]): number {
    return cpuMsOf(...this.#pidsOf(names));
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop(20_000);
    rmSync(this.home, { recursive: true, force: true });
  }
}
