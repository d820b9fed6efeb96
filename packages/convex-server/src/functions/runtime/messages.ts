import type { JSONValue } from "convex/values";
import type { FaultCode } from "../../faults.ts";
import type { FilesAccess } from "../../files/file-links.ts";
import type { CronJob } from "../../scheduler/cron-schedule.ts";
import type { SerializedVectorQuery } from "../../transaction/vector-plan.ts";
import type { ByteRange } from "../../values/bytes.ts";
import type { CallContext } from "../caller.ts";
import type { ValidatorJson } from "../validator.ts";

/** What the server starts a thread with. */
export interface WorkerData {
  readonly purpose: "mutations" | "queries" | "actions";
  readonly clock: SharedArrayBuffer;
  readonly files: FilesAccess;
  /** What a thread of queries reads; absent for the others. */
  readonly database?: DatabaseAccess;
}

export interface DatabaseAccess {
  /** Absolute path of the database. */
  readonly path: string;
  /** 32 bytes that seal the cursors of pages. */
  readonly cursorKey: Uint8Array;
}

/** What the server and a function worker say to each other. Texts are Convex-encoded JSON unless said otherwise. */
export type ToWorker =
  | LoadCode
  | InvokeFunction
  | InvokeHttpAction
  | InvokeQuery
  | SearchVectors
  /** What is read from the next query on is of one moment, until the release. */
  | { readonly type: "holdSnapshot" }
  | { readonly type: "releaseSnapshot" }
  | { readonly type: "answer"; readonly call: number; readonly value: string }
  | { readonly type: "refusal"; readonly call: number; readonly message: string; readonly data?: JSONValue }
  | { readonly type: "tables"; readonly numbers: Readonly<Record<string, number>> }
  | { readonly type: "ping"; readonly ping: number };

export type FromWorker =
  | { readonly type: "loaded"; readonly analysis: CodeAnalysis }
  /** Which module is evaluated next, so that one without an end has a name. */
  | { readonly type: "loading"; readonly path: string }
  | { readonly type: "loadFailed"; readonly message: string }
  | { readonly type: "syscall"; readonly id: number; readonly call: number; readonly op: string; readonly args: string }
  | { readonly type: "log"; readonly id: number; readonly level: LogLevel; readonly text: string }
  | { readonly type: "succeeded"; readonly id: number; readonly value: string }
  | { readonly type: "failed"; readonly id: number; readonly error: ThrownByFunction }
  | { readonly type: "answered"; readonly id: number; readonly result: QueryResult; readonly reading?: Reading }
  | {
      readonly type: "responseHead";
      readonly id: number;
      readonly status: number;
      readonly headers: [string, string][];
    }
  | { readonly type: "responsePart"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: "pong"; readonly ping: number };

export type LogLevel = "DEBUG" | "LOG" | "INFO" | "WARN" | "ERROR";

export interface LoadCode {
  readonly type: "load";
  readonly script: CodeScript;
  /** Modules that are loaded once and keep what they hold, as Node's do on Convex. */
  readonly nodeModules: readonly CodeModule[];
  /** What the clock says while modules are evaluated, in milliseconds since 1970: the same for every call. */
  readonly importedAt: number;
  /** Four words that `Math.random` begins with while modules are evaluated. */
  readonly importSeed: Seed;
}

export type Seed = readonly [number, number, number, number];

/** The bundled modules of the default runtime, by their paths: "dir/mod". */
export interface CodeScript {
  /** Absolute path; its source map lies beside it as "….map". */
  readonly file: string;
  /** The client library that they are written with, likewise. */
  readonly libraryFile: string;
  /** Those whose exports may be functions. */
  readonly modules: readonly string[];
  readonly schema: string | null;
  readonly authConfig: string | null;
  readonly appConfig: string | null;
}

export interface CodeModule {
  /** "dir/mod", as functions are named. */
  readonly path: string;
  /** Absolute path of its bundled file. */
  readonly file: string;
}

export type FunctionKind = "query" | "mutation" | "action";

export interface InvokeFunction {
  readonly type: "invoke";
  readonly id: number;
  readonly kind: FunctionKind;
  readonly modulePath: string;
  readonly exportName: string;
  /** An array of one argument object. */
  readonly args: string;
  /** Timestamp of the state that is read, in decimal. */
  readonly snapshotTimestamp: string;
  /** What the clock says, in milliseconds since 1970. */
  readonly beganAt: number;
  /** Whether no other function called it. */
  readonly isOutermost: boolean;
}

/** Runs a query in the thread that reads for it. */
export interface InvokeQuery {
  readonly type: "invokeQuery";
  readonly id: number;
  /** "dir/mod:fn". */
  readonly path: string;
  readonly args: JSONValue;
  readonly context: CallContext;
  /** Where the page of an earlier run of the same query ended. */
  readonly journal: string | null;
}

/** Runs a vector search in a thread that reads; its answer tells of no reading. */
export interface SearchVectors {
  readonly type: "searchVectors";
  readonly id: number;
  readonly query: SerializedVectorQuery;
}

export type QueryResult =
  | { readonly isSuccess: true; readonly value: string }
  | { readonly isSuccess: false; readonly error: ThrownByFunction }
  | { readonly isSuccess: false; readonly refusal: Refusal };

/** A fault on its way between two threads. */
export interface Refusal {
  readonly code: FaultCode;
  readonly message: string;
  readonly data?: JSONValue | undefined;
}

/** What a query has read, and when. */
export interface Reading {
  /** Timestamp of the last commit that it saw. */
  readonly timestamp: bigint;
  readonly ranges: readonly (readonly [index: string, ranges: readonly ByteRange[]])[];
  readonly hasReadIdentity: boolean;
  /** Where the page that it read ends; null when it read none. */
  readonly journal: string | null;
}

export interface InvokeHttpAction {
  readonly type: "invokeHttp";
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: Uint8Array | null;
}

/** What a function threw. */
export interface ThrownByFunction {
  readonly message: string;
  readonly stack?: string;
  /** Present for a ConvexError. */
  readonly data?: string;
}

export interface AnalyzedFunction {
  readonly path: string;
  readonly kind: FunctionKind;
  readonly isPublic: boolean;
  readonly args: ValidatorJson;
  readonly returns: ValidatorJson | null;
}

/** Everything that loading the code of a functions folder tells about it. */
export interface CodeAnalysis {
  readonly functions: readonly AnalyzedFunction[];
  /** "GET /path" or "GET /prefix/*". */
  readonly httpRoutes: readonly string[];
  readonly crons: readonly CronJob[];
  /** What `SchemaDefinition.export()` writes. */
  readonly schema: string | null;
  /** The default export of `auth.config.ts`, plain JSON. */
  readonly authConfig: JSONValue;
}
