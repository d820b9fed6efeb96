import { Sandbox } from "@cloudflare/sandbox";
import { handleRequest } from "./app.ts";
import { cloudflareEgressHost } from "./features/sandbox/index.ts";

export { ContainerProxy } from "@cloudflare/sandbox";

/**
 * Inside the container there is no network but this: the relay's host name, answered by the worker's own model
 * gateway and by what hands out secrets. They are the same paths that a sandbox host's relay takes, with the same credentials.
 */
const relayToGateway = (request: Request, env: Env): Response | Promise<Response> => {
  const url = new URL(request.url);
  const { pathname } = url;
  if (pathname === "/internal/secrets" || pathname.startsWith("/api/internal/secrets/"))
    return handleRequest(request, env);
  const isModelCall = pathname.startsWith("/model/");
  if (!isModelCall) return new Response("This address is not reachable from a sandbox.", { status: 403 });
  return handleRequest(new Request(new URL(`/internal${pathname}`, url), request), env);
};

/** The container class of the cloudflare provider. */
export class CloudflareSandbox extends Sandbox<Env> {
  override enableInternet = false;

  static {
    CloudflareSandbox.outboundByHost = { [cloudflareEgressHost]: relayToGateway };
  }
}
