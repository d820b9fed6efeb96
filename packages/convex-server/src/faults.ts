import type { JSONValue } from "convex/values";

/** What kind of mistake a fault is: decides who is shown its message and what carries it over HTTP. */
export type FaultCode =
  | "InvalidRequest"
  | "NotFound"
  | "ArgumentValidation"
  | "ReturnsValidation"
  | "SchemaValidation"
  | "InvalidCursor"
  | "Limit"
  | "Database"
  | "FunctionFailed"
  | "Unsupported"
  | "Timeout"
  | "Unauthenticated"
  | "BadAdminKey"
  | "AuthUnavailable"
  | "ExportInProgress"
  | "WorkerLost"
  | "DiskFull";

/** A mistake of a function or a client, in plain words. Anything else that is thrown is a bug of the server. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  /** Convex-encoded JSON that reaches the caller as `ConvexError.data`. */
  readonly data: JSONValue | undefined;

  constructor(code: FaultCode, message: string, data?: JSONValue) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const unsupported = (feature: string): Fault =>
  new Fault("Unsupported", `${feature} is not supported by the embedded server.`);

/** The text of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
