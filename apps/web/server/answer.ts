import { isApiPath, type Refusal, readApiCall } from "./api-call.ts";
import type { WebConfig } from "./config.ts";
import { cookieHeaders, privateHeaders } from "./headers.ts";
import { errorLine, logLine } from "./log.ts";
import { refuseForeignOrigin } from "./same-origin.ts";
import { wireErrorResponse } from "./wire-response.ts";

/** What a page render or a server route is given for one request. */
export interface RequestContext {
  readonly config: WebConfig;
  readonly nonce: string;
  readonly requestId: string;
}

export type Render = (request: Request, context: RequestContext) => Promise<Response>;

const readMethods = new Set(["GET", "HEAD"]);

const newNonce = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes));
};

/** Where the app's own host has that page. */
const moved = (url: URL, appOrigin: string): Response => {
  const location = new URL(appOrigin);
  location.pathname = url.pathname;
  location.search = url.search;
  return new Response(null, { status: 308, headers: { location: location.href } });
};

/** What the request may not do, by its method, its host and where it comes from. */
const findRefusal = (request: Request, url: URL, isOwnHost: boolean, appOrigin: string): Refusal | null => {
  if (readMethods.has(request.method)) return null;
  if (!isOwnHost) return { tag: "OriginRejected", message: "This address does not take requests." };
  const tag = request.method === "POST" ? refuseForeignOrigin(request.headers, appOrigin) : null;
  if (tag !== null) return { tag, message: "This request did not come from the app's own page." };
  if (request.method === "POST" && isApiPath(url.pathname)) return null;
  return { tag: "MethodNotAllowed", message: "This method is not allowed here.", headers: { allow: "GET, HEAD" } };
};

const refuse = ({ tag, message, headers = {} }: Refusal, { method }: Request, requestId: string): Response => {
  logLine("web.refused", { requestId, method, tag });
  const response = wireErrorResponse(tag, message, requestId);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
};

const internalError = (requestId: string): Response =>
  wireErrorResponse("Internal", "Something went wrong on our side.", requestId);

/** Whether a failure is told in the wire's form: only our own words carry the request's id. */
const isOurs = async (response: Response, requestId: string): Promise<boolean> => {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return Reflect.get(Object(Reflect.get(Object(body), "error")), "requestId") === requestId;
};

const answerUnsafe = async (request: Request, render: Render, context: RequestContext): Promise<Response> => {
  const { requestId, config } = context;
  const url = new URL(request.url);
  if (url.pathname === "/health") return Response.json({ status: "ok" });
  const isOwnHost = url.host === new URL(config.appOrigin).host;
  const refusal = findRefusal(request, url, isOwnHost, config.appOrigin);
  if (refusal !== null) return refuse(refusal, request, requestId);
  if (!isOwnHost) return moved(url, config.appOrigin);
  if (!isApiPath(url.pathname)) return await render(request, context);
  const call = await readApiCall(request, url.pathname);
  if (!(call instanceof Request)) return refuse(call, request, requestId);
  const response = await render(call, context);
  // The framework tells the page of its own faults in a form of its own, insides included.
  return response.status < 500 || (await isOurs(response, requestId)) ? response : internalError(requestId);
};

/** Answers everything that is not a file, with the headers that every such answer carries. */
export const answer = async (request: Request, config: WebConfig, render: Render): Promise<Response> => {
  const context: RequestContext = { config, nonce: newNonce(), requestId: crypto.randomUUID() };
  let response: Response;
  try {
    response = await answerUnsafe(request, render, context);
  } catch (error) {
    logLine("web.request_failed", { requestId: context.requestId, method: request.method, error: errorLine(error) });
    response = internalError(context.requestId);
  }
  const headers = new Headers(response.headers);
  const own = { ...privateHeaders(config.page, context.nonce), ...cookieHeaders(request.headers) };
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
};
