import type { WebConfig } from "./config.ts";
import { privateHeaders } from "./headers.ts";
import { logLine } from "./log.ts";
import { refuseForeignOrigin } from "./same-origin.ts";
import { wireErrorResponse } from "./wire-response.ts";

/** What a page render or a server function is given for one request. */
export interface RequestContext {
  readonly config: WebConfig;
  readonly nonce: string;
  readonly requestId: string;
}

export type Render = (request: Request, context: RequestContext) => Promise<Response>;

const readMethods = new Set(["GET", "HEAD"]);

/** Longest body of a server function, in bytes: each takes an id or two. */
const bodyBytesMax = 65_536;

const isServerFunction = (url: URL): boolean => url.pathname.startsWith("/_serverFn/");

const newNonce = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes));
};

/** Sends a reader of another host name to the app's own; anything else that comes by such a name is refused. */
const answerForeignHost = (request: Request, url: URL, { config, requestId }: RequestContext): Response | null => {
  if (url.host === new URL(config.appOrigin).host) return null;
  if (!readMethods.has(request.method))
    return wireErrorResponse("OriginRejected", "This address does not take requests.", requestId);
  const location = new URL(config.appOrigin);
  location.pathname = url.pathname;
  location.search = url.search;
  return new Response(null, { status: 308, headers: { location: location.href } });
};

const internalError = (requestId: string): Response =>
  wireErrorResponse("Internal", "Something went wrong on our side.", requestId);

const answerUnsafe = async (request: Request, render: Render, context: RequestContext): Promise<Response> => {
  const url = new URL(request.url);
  if (url.pathname === "/health") return Response.json({ status: "ok" });
  const redirect = answerForeignHost(request, url, context);
  if (redirect !== null) return redirect;
  if (!readMethods.has(request.method)) {
    if (request.method !== "POST")
      return wireErrorResponse("MethodNotAllowed", "This method is not allowed here.", context.requestId);
    const refusal = refuseForeignOrigin(request.headers, context.config.appOrigin);
    if (refusal !== null)
      return wireErrorResponse(refusal, "This request did not come from the app's own page.", context.requestId);
    if (Number(request.headers.get("content-length")) > bodyBytesMax)
      return wireErrorResponse("BodyTooLarge", "This request is too large.", context.requestId);
  }
  const response = await render(request, context);
  // The framework tells the page of its own faults in a form of its own, insides included.
  return isServerFunction(url) && response.status >= 500 ? internalError(context.requestId) : response;
};

/** Answers everything that is not a file, with the headers that every such answer carries. */
export const answer = async (request: Request, config: WebConfig, render: Render): Promise<Response> => {
  const context: RequestContext = { config, nonce: newNonce(), requestId: crypto.randomUUID() };
  let response: Response;
  try {
    response = await answerUnsafe(request, render, context);
  } catch (error) {
    logLine("web.request_failed", {
      requestId: context.requestId,
      method: request.method,
      error: error instanceof Error ? `${error.name}: ${error.message}` : "unknown",
    });
    response = internalError(context.requestId);
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(privateHeaders(config.page, context.nonce))) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
};
