/** What host and supervisor say to each other. Types only: the two run in different worlds. */

export interface SupervisorStart {
  readonly controlSocket: string;
  readonly egressSocket: string;
  /** Port of the egress relay on the sandbox's loopback. */
  readonly egressPort: number;
  /** Of the socket at which programs ask for secrets. */
  readonly secretsAgent: string;
  /** Of every program that the supervisor starts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Written below the home before OpenCode starts. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly openCode: { readonly argv: readonly [string, ...string[]]; readonly env: Readonly<Record<string, string>> };
}

export type SupervisorEvent =
  | { readonly event: "up" }
  | { readonly event: "listening" }
  | {
      readonly event: "ended";
      readonly code: number | null;
      readonly signal: string | null;
      /** The last lines that OpenCode printed. */
      readonly tail: readonly string[];
    };

/** First line of a control connection: `port` turns it into that port's byte stream, the others are answered by one line. */
export type ControlRequest =
  | { readonly kind: "port"; readonly port: number }
  | ProgramRequest
  | SecretNews
  | RecycleRequest
  | AssignRequest;

/**
 * The sandbox has become a start's: what is that start's own is put in place, for OpenCode's programs and for the supervisor.
 * Answered by an `AssignResult`.
 */
export interface AssignRequest {
  readonly kind: "assign";
  readonly variables: Readonly<Record<string, string>>;
  readonly files: SupervisorStart["files"];
}

export interface AssignResult {
  readonly isAssigned: boolean;
}

/** OpenCode is to be started anew where it holds more memory than that. Answered by a `RecycleResult`. */
export interface RecycleRequest {
  readonly kind: "recycle";
  readonly pastMib: number;
}

export interface RecycleResult {
  readonly isRecycled: boolean;
  /** What it held before. */
  readonly memoryMib: number;
}

/** A secret has changed. */
export interface SecretNews {
  readonly kind: "secret";
  readonly name: string;
  readonly secretId: string;
  /** No version of it below this one may be used any more. */
  readonly minVersion: number;
  /** What it is now; absent: whoever keeps it has to ask. Times in milliseconds since 1970. */
  readonly current?: { readonly value: string; readonly version: number; readonly expiresAt: number };
}

/** What came of it: see `ToldSecret`. */
export interface ToldNews {
  readonly outcome: "acknowledged" | "unused" | "dropped" | "failed";
  readonly version: number | null;
}

export interface ProgramRequest {
  readonly kind: "exec";
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly timeoutMs: number;
  /** Bytes kept of each output stream. */
  readonly outputBytesMax: number;
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTruncated: boolean;
  readonly isTimedOut: boolean;
  readonly durationMs: number;
}

export interface TrialChange {
  readonly path: string;
  /** Base64; null: there is no such file. */
  readonly content: string | null;
}

/** What the program of a trial is told. */
export interface TrialStart {
  readonly program: ProgramRequest;
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly TrialChange[];
  readonly workspace: string;
  readonly lower: string;
  readonly upper: string;
  readonly limits: { readonly filesMax: number; readonly bytesMax: number; readonly unshownMax: number };
}

export interface TrialEnd {
  readonly result: ProgramResult;
  readonly changes: readonly TrialChange[];
  readonly unshown: readonly string[];
}
