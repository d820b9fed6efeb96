import { Sandbox } from "@cloudflare/sandbox";
import { handleOutbound, handleRequest } from "./app.ts";
import { cloudflareEgressHost, wayOutHandler } from "./features/sandbox/index.ts";

export { ContainerProxy } from "@cloudflare/sandbox";

const unreachable = () => new Response("This address is not reachable from a sandbox.", { status: 403 });

/**
 * The relay's host name, answered by the worker's own model gateway and by what hands out secrets. They are the same paths that a sandbox host's relay takes, with the same credentials.
 */
const relayToGateway = (request: Request, env: Env): Response | Promise<Response> => {
  const url = new URL(request.url);
  const { pathname } = url;
  if (pathname === "/internal/secrets" || pathname.startsWith("/api/internal/secrets/"))
    return handleRequest(request, env);
  const isModelCall = pathname.startsWith("/model/");
  if (!isModelCall) return unreachable();
  return handleRequest(new Request(new URL(`/internal${pathname}`, url), request), env);
};

/**
 * The container class of the cloudflare provider. Inside there is no network but what these answer: whatever a program
 * sends ends here, TLS as well, and a container that no start has named gets nothing out.
 */
export class CloudflareSandbox extends Sandbox<Env> {
  override enableInternet = false;
  override interceptHttps = true;

  /** Whether there is a container to be had here. Starts none. */
  hasContainer(): boolean {
    return this.ctx.container !== undefined;
  }

  static {
    CloudflareSandbox.outboundByHost = { [cloudflareEgressHost]: relayToGateway };
    CloudflareSandbox.outboundHandlers = {
      [wayOutHandler]: (request: Request, env: Env, { params }: { readonly params?: unknown }) =>
        handleOutbound(request, env, params),
    };
    CloudflareSandbox.outbound = unreachable;
  }
}
