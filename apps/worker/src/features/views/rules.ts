import { workspacePath } from "@threadbox/contracts/opencode";
import { viewOrigin } from "@threadbox/contracts/views";
import type { ViewRefusal } from "./errors.ts";

/** What of a request is judged before anything is asked. */
export interface ViewRequestFacts {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const methods: ReadonlySet<string> = new Set([...safeMethods, "POST", "PUT", "PATCH", "DELETE"]);

/** One reading of a path only: no escapes, no empty or dotted segments. */
const plainPath = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~@-]+)*\/?$/;

export const isUpgrade = (headers: Headers): boolean => headers.get("upgrade")?.toLowerCase() === "websocket";
const isNavigation = ({ method, headers }: ViewRequestFacts): boolean =>
  method === "GET" && headers.get("sec-fetch-mode") === "navigate" && !isUpgrade(headers);

/**
 * Whether the view's own page asks, or somebody opens it. Every other sandbox is same-site with this one, so the cookie
 * proves nothing of that.
 */
const isOwn = (facts: ViewRequestFacts): boolean => {
  const { method, url, headers } = facts;
  const [origin, site] = [headers.get("origin"), headers.get("sec-fetch-site")];
  if (isUpgrade(headers) || !safeMethods.has(method)) return origin === url.origin;
  if (origin !== null && origin !== url.origin) return false;
  return site === null || site === "same-origin" || site === "none" || isNavigation(facts);
};

/** What OpenCode would let its page do to the login, the server or its configuration: Threadbox's own business. */
const closedPaths = [
  /^\/(?:api\/)?auth(?:\/|$)/,
  /^\/(?:api\/)?(?:global|instance)\/(?:upgrade|dispose)(?:\/|$)/,
  /^\/(?:api\/)?provider\/[^/]+\/oauth(?:\/|$)/,
  /^\/api\/(?:integration|credential)(?:\/|$)/,
];
const configPath = /^\/(?:api\/)?(?:global\/)?config(?:\/|$)/;

const namesLogin = (text: string): boolean => /auth\.json/i.test(text);

/** Null: OpenCode may be asked that. `path` and query of `url` are as they were sent. */
export const refuseOpenCodeRequest = ({ method, url }: Omit<ViewRequestFacts, "headers">): ViewRefusal | null => {
  if (!methods.has(method)) return "MethodNotAllowed";
  if (!plainPath.test(url.pathname)) return "PathRejected";
  const isClosed =
    closedPaths.some((path) => path.test(url.pathname)) || (configPath.test(url.pathname) && !safeMethods.has(method));
  const isLogin = namesLogin(url.pathname) || [...url.searchParams].some((pair) => pair.some(namesLogin));
  return isClosed || isLogin ? "CapabilityDenied" : null;
};

/** Null: its own page asks, or somebody opens it; what stands behind the view then has rules of its own. */
export const refuseViewRequest = (facts: ViewRequestFacts): ViewRefusal | null => {
  const { headers } = facts;
  if (headers.has("service-worker")) return "CapabilityDenied";
  if (!isOwn(facts)) return isUpgrade(headers) ? "OriginRejected" : "CsrfRejected";
  return null;
};

/** Query parameters by which OpenCode chooses a directory or takes a password. */
const directoryParameters = ["directory", "location[directory]"];
const droppedParameters = ["auth_token", "workspace"];

/** Path and query for OpenCode, which sees this thread's workspace and no other folder. */
export const upstreamPath = ({ pathname, searchParams }: URL): string => {
  const query = new URLSearchParams(searchParams);
  for (const name of droppedParameters) query.delete(name);
  for (const name of directoryParameters) if (query.has(name)) query.set(name, workspacePath);
  return query.size === 0 ? pathname : `${pathname}?${query}`;
};

const requestHeaders = [
  "accept",
  "accept-language",
  "content-type",
  "if-modified-since",
  "if-none-match",
  "last-event-id",
  "range",
  "x-opencode-ticket",
];

/** The headers that OpenCode is sent: those few of the browser's, and the directory. Its password is added further on. */
export const upstreamHeaders = (given: Headers): Headers => {
  const headers = new Headers({
    "accept-encoding": "identity",
    "x-opencode-directory": encodeURIComponent(workspacePath),
  });
  for (const name of requestHeaders) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
};

const answerHeaders = [
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "etag",
  "last-modified",
];

/** A view reaches nothing but itself, and whoever shows it alone may frame it: origins, separated by spaces. */
const ownPolicy = (framedBy: string): string =>
  [
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors ${framedBy}`,
  ].join("; ");

/** Headers of ours on every answer of a view's origin. */
export const viewHeaders = (framedBy: string): Readonly<Record<string, string>> => ({
  "content-security-policy": ownPolicy(framedBy),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
});

/** The headers that a browser is sent. What a sandbox says of cookies, framing or other origins is not passed on. */
export const answerHeadersOf = (given: Headers, framedBy: string): Headers => {
  const headers = new Headers();
  for (const name of answerHeaders) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  for (const [name, value] of Object.entries(viewHeaders(framedBy))) headers.set(name, value);
  // The page's own policy goes on holding beside ours.
  const policy = given.get("content-security-policy");
  if (policy !== null) headers.append("content-security-policy", policy);
  return headers;
};

/** A redirect of the sandbox's, where it stays within its own origin. */
export const ownLocation = (location: string | null, url: URL): string | null => {
  const target = location === null ? null : URL.parse(location, url);
  return target !== null && target.origin === url.origin ? `${target.pathname}${target.search}` : null;
};

/** The cookie of this name where there is exactly one. */
export const readViewCookie = (headers: Headers): string | null => {
  const found = (headers.get("cookie") ?? "")
    .split(/; */)
    .filter((pair) => pair.startsWith(`${viewOrigin.cookie}=`))
    .map((pair) => pair.slice(viewOrigin.cookie.length + 1));
  return found.length === 1 ? (found[0] ?? null) : null;
};
