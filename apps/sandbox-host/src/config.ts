import * as os from "node:os";
import { Effect, type Redacted, Result, Schema, SchemaIssue } from "effect";
import { placesFor } from "./sandboxes/place-decision.ts";

const numberBetween = (minimum: number, maximum: number) =>
  Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum, maximum }));

const wholeNumber = (minimum: number, maximum: number, byDefault: number) =>
  numberBetween(minimum, maximum).pipe(Schema.withDecodingDefaultKey(Effect.succeed(String(byDefault))));

const HttpUrl = Schema.URLFromString.check(
  Schema.makeFilter((url: URL) => url.protocol === "http:" || url.protocol === "https:"),
);

const Environment = Schema.Struct({
  SANDBOX_HOST_PORT: wholeNumber(0, 65_535, 4200),
  SANDBOX_HOST_TOKEN: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(32))),
  SANDBOX_STATE: Schema.NonEmptyString,
  MODEL_GATEWAY_URL: HttpUrl,
  SANDBOX_ENDS_URL: Schema.optionalKey(HttpUrl),
  SANDBOX_MEMORY_MIB: wholeNumber(384, 1_048_576, 2048),
  SANDBOX_PIDS: wholeNumber(64, 32_768, 512),
  SANDBOX_CPUS: wholeNumber(1, 1024, 2),
  SANDBOX_TMPFS_MIB: wholeNumber(16, 1_048_576, 512),
  SANDBOX_FILE_MIB: wholeNumber(16, 1_048_576, 4096),
  SANDBOX_DISK_RESERVE_MIB: wholeNumber(0, 1_048_576, 1024),
  SANDBOX_DISKS: Schema.Literals(["auto", "folders"]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("auto"))),
  SANDBOX_DISK_MIB: wholeNumber(64, 1_048_576, 4096),
  SANDBOX_DISK_FILES: wholeNumber(1_000, 100_000_000, 250_000),
  SANDBOX_RUNNING_MAX: Schema.optionalKey(numberBetween(1, 1024)),
});

const hints: Record<keyof typeof Environment.fields, string> = {
  SANDBOX_HOST_PORT: "a port number (default 4200)",
  SANDBOX_HOST_TOKEN: "a secret of at least 32 characters, the same as the worker's",
  SANDBOX_STATE: "the folder that keeps workspaces and homes",
  MODEL_GATEWAY_URL: "an http or https address, such as http://127.0.0.1:8787/internal/model",
  SANDBOX_ENDS_URL: "an http or https address, such as http://127.0.0.1:8787/internal/sandbox-host/ended",
  SANDBOX_MEMORY_MIB: "a whole number of MiB, at least 384 (default 2048)",
  SANDBOX_PIDS: "a whole number, at least 64 (default 512)",
  SANDBOX_CPUS: "a whole number, at least 1 (default 2)",
  SANDBOX_TMPFS_MIB: "a whole number of MiB, at least 16 (default 512)",
  SANDBOX_FILE_MIB: "a whole number of MiB, at least 16 (default 4096)",
  SANDBOX_DISK_RESERVE_MIB: "a whole number of MiB (default 1024)",
  SANDBOX_DISKS: "auto or folders (default auto)",
  SANDBOX_DISK_MIB: "a whole number of MiB, at least 64 (default 4096)",
  SANDBOX_DISK_FILES: "a whole number, at least 1000 (default 250000)",
  SANDBOX_RUNNING_MAX: "a whole number, at least 1 (default: one per GiB of memory, 2 to 16)",
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

export interface Config {
  readonly port: number;
  readonly token: Redacted.Redacted<string>;
  readonly stateDirectory: string;
  /** `/model/<rest>` of the egress relay is forwarded to `<this>/<rest>`. */
  readonly modelGatewayUrl: URL;
  /** Where the worker is told of the ends of sandboxes; absent: nobody is told. */
  readonly endsUrl?: URL;
  readonly limits: SandboxLimits;
  /** Free room on the disk below which the sandbox that fills it is ended. */
  readonly diskReserveMib: number;
  readonly diskLimits: DiskLimits;
  /** `folders`: no disk images, even where the machine can mount them. */
  readonly disks: "auto" | "folders";
  /** How many sandboxes run at once. */
  readonly runningMax: number;
}

/** Every missing or malformed key at once. Holds names and hints only, never a value. */
export class ConfigError extends Error {
  readonly keys: readonly string[];
  constructor(keys: readonly string[]) {
    super(
      [
        "The sandbox host cannot start. Set:",
        ...keys.map(
          (key) => `  ${key}: ${Object.entries(hints).find(([name]) => name === key)?.[1] ?? "see docs/reference.md"}`,
        ),
      ].join("\n"),
    );
    this.name = "ConfigError";
    this.keys = keys;
  }
}

const listIssues = SchemaIssue.makeFormatterStandardSchemaV1();

/** The machine's memory, or what a control group leaves of it to this process; bytes. */
const availableMemoryBytes = (): number => {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
};

/** Decodes the environment of the process. Throws `ConfigError`. */
export const decodeConfig = (
  environment: Record<string, string | undefined>,
  memoryBytes = availableMemoryBytes(),
): Config => {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const decoded = Schema.decodeUnknownResult(Environment)(given, { errors: "all" });
  if (Result.isFailure(decoded)) {
    const keys = listIssues(decoded.failure.issue).issues.map((issue) => String(issue.path?.[0] ?? ""));
    throw new ConfigError([...new Set(keys)]);
  }
  const env = decoded.success;
  return {
    port: env.SANDBOX_HOST_PORT,
    token: env.SANDBOX_HOST_TOKEN,
    stateDirectory: env.SANDBOX_STATE,
    modelGatewayUrl: env.MODEL_GATEWAY_URL,
    ...(env.SANDBOX_ENDS_URL === undefined ? {} : { endsUrl: env.SANDBOX_ENDS_URL }),
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
    runningMax: env.SANDBOX_RUNNING_MAX ?? placesFor(memoryBytes),
  };
};
