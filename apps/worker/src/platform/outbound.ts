import { Context, Layer } from "effect";

/** Requests that leave the worker for the model provider, the sandbox host and Convex. Takes what the global `fetch` takes. */
export class Outbound extends Context.Service<Outbound, typeof fetch>()("threadbox/worker/platform/Outbound") {}

/** A machine of ours gives the worker a straight way out; Cloudflare has one way, and that is the global `fetch`. */
const hasStraightWay = (env: object): env is { readonly OUTBOUND: Fetcher } => "OUTBOUND" in env;

/** Bindings of the hosts of which the operator has said where they are, by the host's name. */
const namedHostsOf = (env: object): Readonly<Record<string, string>> =>
  "OUTBOUND_HOSTS" in env ? (env.OUTBOUND_HOSTS as Readonly<Record<string, string>>) : {};

/** The way to one host that is somewhere else than its name says; undefined for any other. */
const namedWay = (env: object, input: RequestInfo | URL): Fetcher | undefined => {
  const { protocol, host } = new URL(input instanceof Request ? input.url : input);
  const hosts = namedHostsOf(env);
  return protocol === "https:" && Object.hasOwn(hosts, host)
    ? (Reflect.get(env, hosts[host] ?? "") as Fetcher)
    : undefined;
};

export const outboundLayer = (env: object): Layer.Layer<Outbound> => {
  const straight: typeof fetch = hasStraightWay(env)
    ? (input, init) => env.OUTBOUND.fetch(input, init)
    : (input, init) => fetch(input, init);
  return Layer.succeed(Outbound, (input, init) => namedWay(env, input)?.fetch(input, init) ?? straight(input, init));
};

/**
 * Requests to an address that a user has named. On a machine of ours the way leads to public addresses alone, judged at the
 * moment of the connection, so that a name which resolves to the machine's own network is not reached. Cloudflare's global
 * `fetch` reaches nothing else.
 */
export class PublicOutbound extends Context.Service<PublicOutbound, typeof fetch>()(
  "threadbox/worker/platform/PublicOutbound",
) {}

const hasPublicWay = (env: object): env is { readonly PUBLIC_OUTBOUND: Fetcher } => "PUBLIC_OUTBOUND" in env;

const publicWay = (env: object): typeof fetch =>
  hasPublicWay(env) ? (input, init) => env.PUBLIC_OUTBOUND.fetch(input, init) : (input, init) => fetch(input, init);

export const publicOutboundLayer = (env: object): Layer.Layer<PublicOutbound> =>
  Layer.succeed(PublicOutbound, publicWay(env));

/**
 * Requests that leave a sandbox through the worker: to hosts of which the operator has said where they are, and else to public
 * addresses alone, as the tunnels of a sandbox host go.
 */
export class SandboxOutbound extends Context.Service<SandboxOutbound, typeof fetch>()(
  "threadbox/worker/platform/SandboxOutbound",
) {}

export const sandboxOutboundLayer = (env: object): Layer.Layer<SandboxOutbound> => {
  const straight = publicWay(env);
  return Layer.succeed(
    SandboxOutbound,
    (input, init) => namedWay(env, input)?.fetch(input, init) ?? straight(input, init),
  );
};
