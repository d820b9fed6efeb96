import type { ErrorTag } from "@threadbox/contracts/errors";

/** A refusal with a name of the wire table. `message` is one plain sentence and goes to the caller as it is. */
export class HostError extends Error {
  readonly tag: ErrorTag;
  /** When it is worth asking again, where that is known. */
  readonly retryAfterSeconds: number | undefined;
  constructor(tag: ErrorTag, message: string, options?: ErrorOptions & { readonly retryAfterSeconds?: number }) {
    super(message, options);
    this.name = "HostError";
    this.tag = tag;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

export const sandboxUnavailable = (reason: string, cause?: unknown): HostError =>
  new HostError("SandboxUnavailable", reason, { cause });

export const interrupted = (): HostError =>
  new HostError("SandboxInterrupted", "The sandbox was restarted or stopped; ask for a new one.");

export const pathRejected = (why: string): HostError => new HostError("PathRejected", why);

export const notFound = (what: string): HostError => new HostError("NotFound", what);
