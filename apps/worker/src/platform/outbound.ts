import { Context, Layer } from "effect";

/** Requests that leave the worker for the model provider, the sandbox host and Convex. Takes what the global `fetch` takes. */
export class Outbound extends Context.Service<Outbound, typeof fetch>()("threadbox/worker/platform/Outbound") {}

/** A machine of ours gives the worker a straight way out; Cloudflare has one way, and that is the global `fetch`. */
const hasStraightWay = (env: object): env is { readonly OUTBOUND: Fetcher } => "OUTBOUND" in env;

export const outboundLayer = (env: object): Layer.Layer<Outbound> =>
  Layer.succeed(
    Outbound,
    hasStraightWay(env) ? (input, init) => env.OUTBOUND.fetch(input, init) : (input, init) => fetch(input, init),
  );
