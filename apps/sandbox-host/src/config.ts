import * as os from "node:os";
import {
  addressSetting,
  choice,
  decodeSettings,
  type Environment,
  optional,
  portSetting,
  type SettingProblem,
  setting,
  textSetting,
  wholeNumber,
  withDefault,
} from "@threadbox/contracts/settings";
import { Redacted, Result, Schema } from "effect";
import { readTargets, type TunnelTarget } from "./egress/targets.ts";
import { defaultDockerHost } from "./engines/docker/engine-address.ts";
import { placesFor } from "./sandboxes/place-decision.ts";
import { warmFor } from "./sandboxes/warm-decision.ts";

const mib = (min: number, byDefault: number) =>
  withDefault(wholeNumber(min, 1_048_576, "a whole number of MiB"), String(byDefault));
const count = (min: number, max: number, byDefault: number) => withDefault(wholeNumber(min, max), String(byDefault));

const token = setting(
  Schema.String.check(Schema.isMinLength(32)),
  "a secret of at least 32 characters, the same as the worker's",
);

const snapshotKey = setting(
  Schema.String.check(Schema.isMinLength(32)),
  "a secret of at least 32 characters, the same for as long as snapshots are to be opened",
);

const egressAddresses = setting(
  Schema.String.check(Schema.makeFilter((text: string) => readTargets(text) !== null)),
  "hosts and where they are, e.g. packages.example.com=10.0.0.5:443, separated by commas",
);

const dockerHost = setting(
  Schema.String.check(Schema.isMinLength(1)),
  `the engine's address, e.g. ${defaultDockerHost}`,
);

const settings = {
  SANDBOX_HOST_PORT: withDefault(portSetting(0), "4200"),
  SANDBOX_HOST_TOKEN: token,
  SANDBOX_STATE: textSetting("the folder that keeps workspaces and homes"),
  MODEL_GATEWAY_URL: addressSetting("http://127.0.0.1:8787/internal/model"),
  EGRESS_ADDRESSES: optional(egressAddresses),
  SANDBOX_ENDS_URL: optional(addressSetting("http://127.0.0.1:8787/internal/sandbox-host/ended")),
  SANDBOX_MEMORY_MIB: mib(384, 2048),
  SANDBOX_PIDS: count(64, 32_768, 512),
  SANDBOX_CPUS: count(1, 1024, 2),
  SANDBOX_TMPFS_MIB: mib(16, 512),
  SANDBOX_FILE_MIB: mib(16, 4096),
  SANDBOX_DISK_RESERVE_MIB: mib(0, 1024),
  SANDBOX_DISKS: withDefault(choice("auto", "folders"), "auto"),
  SANDBOX_DISK_MIB: mib(64, 4096),
  SANDBOX_DISK_FILES: count(1_000, 100_000_000, 250_000),
  SANDBOX_ENGINE: withDefault(choice("auto", "local", "docker"), "auto"),
  DOCKER_HOST: withDefault(dockerHost, defaultDockerHost),
  SANDBOX_IMAGE: withDefault(textSetting("the image of Docker sandboxes"), "threadbox-sandbox"),
  SANDBOX_SNAPSHOTS: optional(textSetting("the folder that keeps snapshots")),
  SANDBOX_SNAPSHOT_KEY: optional(snapshotKey),
  SANDBOX_SNAPSHOT_MIB: mib(64, 8192),
  SANDBOX_NAP_SECONDS: count(0, 86_400, 180),
  SANDBOX_MEMORY_RESERVE_MIB: mib(0, 512),
  SANDBOX_OPENCODE_MIB: mib(64, 1024),
  SANDBOX_WARM: optional(wholeNumber(0, 64, "how many sandboxes are started beforehand, 0 for none")),
  SANDBOX_RUNNING_MAX: optional(wholeNumber(1, 1024), "one per GiB of memory, 2 to 16"),
};

/** What one sandbox may use. */
export interface SandboxLimits {
  readonly memoryMib: number;
  readonly pids: number;
  readonly cpus: number;
  /** Size of `/tmp` and of `/dev/shm`, each; both count as memory. */
  readonly tmpfsMib: number;
  /** Largest single file that a program inside may write. */
  readonly fileMib: number;
}

/** What the workspace of one sandbox may hold, and its home besides. */
export interface DiskLimits {
  readonly mib: number;
  /** Files and folders. */
  readonly files: number;
}

/** Where the files of sandboxes are saved. */
export interface SnapshotSettings {
  readonly folder: string;
  /** From it follow the keys of all sandboxes. */
  readonly key: Redacted.Redacted<string>;
  /** What one sandbox's snapshots may take together before old ones are given up. */
  readonly mibMax: number;
}

export interface Config {
  readonly port: number;
  readonly token: Redacted.Redacted<string>;
  readonly stateDirectory: string;
  /** `/model/<rest>` of the egress relay is forwarded to `<this>/<rest>`. */
  readonly modelGatewayUrl: URL;
  /** Where hosts are that have no public address, such as a mirror of packages. They are allowed as any other. */
  readonly egressAddresses: ReadonlyMap<string, TunnelTarget>;
  /** Where the worker is told of the ends of sandboxes; absent: nobody is told. */
  readonly endsUrl?: URL;
  readonly limits: SandboxLimits;
  /** Free room on the disk below which the sandbox that fills it is ended. */
  readonly diskReserveMib: number;
  readonly diskLimits: DiskLimits;
  /** `folders`: no disk images, even where the machine can mount them. */
  readonly disks: "auto" | "folders";
  /** In which ways sandboxes are run; `auto`: in every way that the machine offers, as jailed processes where nobody asks. */
  readonly engine: "auto" | "local" | "docker";
  readonly dockerHost: string;
  /** Of the sandboxes that run as containers. */
  readonly image: string;
  /** How many sandboxes run at once. */
  readonly runningMax: number;
  /** How many are kept that were started beforehand, for new threads. */
  readonly warmSize: number;
  /** Without use for so long a sandbox naps; null: none does by itself. */
  readonly napAfterMs: number | null;
  /** Free memory below which sandboxes that are idle make room. */
  readonly memoryReserveMib: number;
  /** OpenCode is started anew between turns when it holds more. */
  readonly openCodeMib: number;
  /** Absent: nothing is saved. */
  readonly snapshots?: SnapshotSettings;
}

/** Every missing or malformed key at once, and never a secret. */
export class ConfigError extends Error {
  readonly keys: readonly string[];
  constructor(problems: readonly SettingProblem[]) {
    super(["The sandbox host cannot start:", ...problems.map(({ sentence }) => `  ${sentence}`)].join("\n"));
    this.name = "ConfigError";
    this.keys = problems.map(({ key }) => key);
  }
}

/** The machine's memory, or what a control group leaves of it to this process; bytes. */
const availableMemoryBytes = (): number => {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
};

const snapshotsOf = (
  folder: string | undefined,
  key: string | undefined,
  mibMax: number,
): { readonly snapshots?: SnapshotSettings } =>
  folder === undefined || key === undefined ? {} : { snapshots: { folder, key: Redacted.make(key), mibMax } };

/** Decodes the environment of the process. Throws `ConfigError`. */
export const decodeConfig = (environment: Environment, memoryBytes = availableMemoryBytes()): Config => {
  const decoded = decodeSettings(settings, environment);
  if (Result.isFailure(decoded)) throw new ConfigError(decoded.failure);
  const env = decoded.success;
  return {
    port: env.SANDBOX_HOST_PORT,
    token: Redacted.make(env.SANDBOX_HOST_TOKEN),
    stateDirectory: env.SANDBOX_STATE,
    modelGatewayUrl: new URL(env.MODEL_GATEWAY_URL),
    egressAddresses: readTargets(env.EGRESS_ADDRESSES ?? "") ?? new Map(),
    ...(env.SANDBOX_ENDS_URL === undefined ? {} : { endsUrl: new URL(env.SANDBOX_ENDS_URL) }),
    limits: {
      memoryMib: env.SANDBOX_MEMORY_MIB,
      pids: env.SANDBOX_PIDS,
      cpus: env.SANDBOX_CPUS,
      tmpfsMib: env.SANDBOX_TMPFS_MIB,
      fileMib: env.SANDBOX_FILE_MIB,
    },
    diskReserveMib: env.SANDBOX_DISK_RESERVE_MIB,
    diskLimits: { mib: env.SANDBOX_DISK_MIB, files: env.SANDBOX_DISK_FILES },
    disks: env.SANDBOX_DISKS,
    engine: env.SANDBOX_ENGINE,
    dockerHost: env.DOCKER_HOST,
    image: env.SANDBOX_IMAGE,
    napAfterMs: env.SANDBOX_NAP_SECONDS === 0 ? null : env.SANDBOX_NAP_SECONDS * 1000,
    memoryReserveMib: env.SANDBOX_MEMORY_RESERVE_MIB,
    openCodeMib: env.SANDBOX_OPENCODE_MIB,
    runningMax: env.SANDBOX_RUNNING_MAX ?? placesFor(memoryBytes),
    warmSize: env.SANDBOX_WARM ?? warmFor(memoryBytes, os.availableParallelism()),
    ...snapshotsOf(env.SANDBOX_SNAPSHOTS, env.SANDBOX_SNAPSHOT_KEY, env.SANDBOX_SNAPSHOT_MIB),
  };
};
