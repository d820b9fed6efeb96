import type { PageConfig } from "./config.ts";

const webSocketOrigin = (origin: string): string => origin.replace(/^http/, "ws");

/** Where the page may connect to: exactly the worker, Convex and the identity provider. */
const connectSources = ({ workerUrl, convexUrl, auth }: PageConfig): readonly string[] => {
  const port = auth.port === undefined ? "" : `:${auth.port}`;
  const worker = new URL(workerUrl).origin;
  const convex = new URL(convexUrl).origin;
  return [
    worker,
    webSocketOrigin(worker),
    convex,
    webSocketOrigin(convex),
    `${auth.https ? "https" : "http"}://${auth.apiHostname}${port}`,
  ];
};

/** What the page may frame: the views of sandboxes, each on a host of its own. */
const frameSources = ({ viewBaseOrigin }: PageConfig): readonly string[] => {
  if (viewBaseOrigin === undefined) return ["'none'"];
  const { protocol, host } = new URL(viewBaseOrigin);
  return [`${protocol}//*.${host}`];
};

/** The policy of one page load: a script or style runs only as a file of ours or with this load's nonce. */
export const contentSecurityPolicy = (page: PageConfig, nonce: string): string =>
  Object.entries({
    "default-src": ["'none'"],
    "script-src": ["'self'", `'nonce-${nonce}'`],
    "script-src-attr": ["'none'"],
    "style-src": ["'self'", `'nonce-${nonce}'`],
    "img-src": ["'self'", "blob:", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...connectSources(page)],
    "frame-src": frameSources(page),
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
  })
    .map(([directive, sources]) => `${directive} ${sources.join(" ")}`)
    .join("; ");

/** Sent with every answer, files included. */
export const baseHeaders = (page: PageConfig): Readonly<Record<string, string>> => ({
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  ...(page.appOrigin.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {}),
});

/** Sent with everything that is made for one person: pages, server functions, errors. */
export const privateHeaders = (page: PageConfig, nonce: string): Readonly<Record<string, string>> => ({
  ...baseHeaders(page),
  "cache-control": "private, no-store",
  "content-security-policy": contentSecurityPolicy(page, nonce),
  "x-frame-options": "DENY",
});

/** The app sets no cookies. What a view's page has set for the common domain is no harm until there is much of it. */
const foreignCookiesMax = 8 * 1024;

/** Has the browser forget the cookies of this site where they grow too large for servers on the way. */
export const cookieHeaders = (request: Headers): Readonly<Record<string, string>> =>
  (request.get("cookie") ?? "").length > foreignCookiesMax ? { "clear-site-data": '"cookies"' } : {};

/** File names under `/assets/` carry a hash of their content. */
export const fileCacheControl = (pathname: string): string =>
  pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "public, max-age=3600";
