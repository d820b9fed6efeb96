import { EgressSandboxHeader, egressApi } from "@threadbox/contracts/egress";
import { Effect, Schema } from "effect";
import { refuser } from "../../http/failure.ts";
import { type HostDoor, requireHost, Sandboxes } from "../sandbox/index.ts";

const refused = refuser({
  ValidationError: "The request does not say which sandbox it comes from.",
  TokenInvalid: "The sandbox does not run any more.",
});

/** What the door needs to decide. */
export type EgressDoor = HostDoor | Sandboxes;

const decodeSandbox = Schema.decodeUnknownEffect(EgressSandboxHeader);

/** The sandbox that a request comes out of, on the word of the host that runs it; a generation that has ended has none. */
export const requireEgress = Effect.fnUntraced(function* (request: Request) {
  yield* requireHost(request);
  const header = request.headers.get(egressApi.sandboxHeader);
  const sandbox = yield* Effect.mapError(decodeSandbox(header), () => refused("ValidationError"));
  const sandboxes = yield* Sandboxes;
  if (!(yield* sandboxes.isCurrent(sandbox.threadId, sandbox.generation))) return yield* refused("TokenInvalid");
  return sandbox;
});
