import type { ErrorTag } from "@threadbox/contracts/errors";
import { WireFailure } from "./wire-failure.ts";

/** What was thrown; counts as that tag where it is no failure of our servers, as where the network is down. */
export const asWireFailure = (error: unknown, tag: ErrorTag = "Internal", message = ""): WireFailure =>
  error instanceof WireFailure ? error : new WireFailure(tag, message);

/** The same of a call to a thread's computer. */
export const asSandboxFailure = (error: unknown): WireFailure =>
  asWireFailure(error, "SandboxUnavailable", "Can’t reach the sandbox service.");
