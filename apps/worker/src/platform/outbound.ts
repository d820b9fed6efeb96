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

/**
 * Requests to an address that a user has named. On a machine of ours the way leads to public addresses alone, judged at the
 * moment of the connection, so that a name which resolves to the machine's own network is not reached. Cloudflare's global
 * `fetch` reaches nothing else.
 */
export class PublicOutbound extends Context.Service<PublicOutbound, typeof fetch>()(
  "threadbox/worker/platform/PublicOutbound",
) {}

const hasPublicWay = (env: object): env is { readonly PUBLIC_OUTBOUND: Fetcher } => "PUBLIC_OUTBOUND" in env;

export const publicOutboundLayer = (env: object): Layer.Layer<PublicOutbound> =>
  Layer.succeed(
    PublicOutbound,
    hasPublicWay(env) ? (input, init) => env.PUBLIC_OUTBOUND.fetch(input, init) : (input, init) => fetch(input, init),
  );
