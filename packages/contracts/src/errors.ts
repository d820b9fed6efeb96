/**
 * The closed table of errors that may cross a wire: tag → HTTP status and whether the same request may be repeated.
 * This file has no imports, so that Convex functions can use the tags at run time.
 */
export const errorTable = {
  ValidationError: { status: 400, retryable: false },
  PathRejected: { status: 400, retryable: false },
  UrlBlocked: { status: 400, retryable: false },
  TokenMissing: { status: 401, retryable: false },
  TokenMalformed: { status: 401, retryable: false },
  TokenInvalid: { status: 401, retryable: false },
  TokenExpired: { status: 401, retryable: true },
  SignatureInvalid: { status: 401, retryable: false },
  SecretsUnauthorized: { status: 401, retryable: false },
  ThreadScopeMismatch: { status: 403, retryable: false },
  OriginRejected: { status: 403, retryable: false },
  CsrfRejected: { status: 403, retryable: false },
  Forbidden: { status: 403, retryable: false },
  CapabilityDenied: { status: 403, retryable: false },
  SignedUrlInvalid: { status: 403, retryable: false },
  SignedUrlExpired: { status: 403, retryable: false },
  ProjectNotTrusted: { status: 403, retryable: false },
  NotFound: { status: 404, retryable: false },
  MethodNotAllowed: { status: 405, retryable: false },
  Conflict: { status: 409, retryable: false },
  VersionConflict: { status: 409, retryable: false },
  ReauthRequired: { status: 409, retryable: false },
  AlreadyRunning: { status: 409, retryable: true },
  CodeExpired: { status: 410, retryable: false },
  SecretRevoked: { status: 410, retryable: false },
  BodyTooLarge: { status: 413, retryable: false },
  QuotaExceeded: { status: 413, retryable: false },
  FileTypeRejected: { status: 415, retryable: false },
  ArchiveRejected: { status: 422, retryable: false },
  RateLimited: { status: 429, retryable: true },
  Internal: { status: 500, retryable: true },
  SandboxInterrupted: { status: 502, retryable: true },
  UpstreamError: { status: 502, retryable: true },
  AnswerIncomplete: { status: 502, retryable: false },
  SandboxStarting: { status: 503, retryable: true },
  SandboxUnavailable: { status: 503, retryable: true },
  StoreUnavailable: { status: 503, retryable: true },
  SecretUnavailable: { status: 503, retryable: true },
  UpstreamTimeout: { status: 504, retryable: true },
  CodemodeTimeout: { status: 504, retryable: false },
} as const satisfies Record<string, { readonly status: number; readonly retryable: boolean }>;

export type ErrorTag = keyof typeof errorTable;

/** What every non-2xx JSON answer carries under `error`. `message` is one plain sentence without internals. */
export interface WireError {
  readonly _tag: ErrorTag;
  readonly message: string;
  readonly requestId: string;
  readonly retryable: boolean;
}

export interface WireErrorBody {
  readonly error: WireError;
}

export const isErrorTag = (value: unknown): value is ErrorTag =>
  typeof value === "string" && Object.hasOwn(errorTable, value);

/** Builds the wire form; `retryable` always comes from the table. */
export const wireErrorBody = (tag: ErrorTag, message: string, requestId: string): WireErrorBody => ({
  error: { _tag: tag, message, requestId, retryable: errorTable[tag].retryable },
});

/** WebSocket close codes of the product (private range 4000–4999) and the two standard ones it uses. */
export const closeCode = {
  auth: 4401,
  scope: 4403,
  idle: 4408,
  generationChanged: 4409,
  rateLimited: 4429,
  upstream: 1011,
  restart: 1012,
} as const;
