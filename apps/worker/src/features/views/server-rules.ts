import { viewOrigin } from "@threadbox/contracts/views";
import type { ViewRefusal } from "./errors.ts";
import { ownLocation, type ViewRequestFacts, viewHeaders } from "./rules.ts";

const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Null: a server inside may be asked that. Which paths it has is its own business. */
export const refuseServerRequest = ({ method }: Pick<ViewRequestFacts, "method">): ViewRefusal | null =>
  methods.has(method) ? null : "MethodNotAllowed";

/** What a browser or a proxy says of itself and of the way, and what is ours. */
const unsaid =
  /^(?:host|origin|referer|cookie|authorization|forwarded|via|expect|x-forwarded-.*|x-real-ip|cf-.*|sec-websocket-.*|x-sandbox-.*|x-forward-.*|accept-encoding)$/;

/** The cookies that the page has of its own. */
const ownCookies = (cookies: string): string =>
  cookies
    .split(/; */)
    .filter((pair) => !pair.startsWith(`${viewOrigin.cookie}=`))
    .join("; ");

/**
 * What a server inside hears: what its page says, but for the view's own cookie. `origin` tells it that its own page
 * asks, and the sandbox host writes its address there.
 */
export const serverHeaders = (given: Headers): Headers => {
  const headers = new Headers({ "accept-encoding": "identity" });
  given.forEach((value, name) => {
    if (!unsaid.test(name)) headers.set(name, value);
  });
  const cookies = ownCookies(given.get("cookie") ?? "");
  if (cookies !== "") headers.set("cookie", cookies);
  const origin = given.get("origin");
  if (origin !== null) headers.set("origin", origin);
  return headers;
};

/** What would reach beyond the view: other origins' rights, its frame, what outlives it, and the connection's own. */
const withheld =
  /^(?:set-cookie|access-control-.*|x-frame-options|content-security-policy(?:-report-only)?|cross-origin-.*|origin-agent-cluster|permissions-policy|referrer-policy|service-worker-allowed|clear-site-data|strict-transport-security|public-key-pins|alt-svc|nel|report-to|reporting-endpoints|location|connection|keep-alive|transfer-encoding|upgrade|trailer|x-sandbox-.*)$/;

/** A page that somebody writes may load what it needs from anywhere, but from no address of this machine's network by name. */
const serverPolicy = (framedBy: string): string =>
  [
    "default-src 'self' https: data: blob:",
    "script-src 'self' https: blob: 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' https: 'unsafe-inline'",
    "connect-src 'self' https: wss: data: blob:",
    "object-src 'none'",
    "form-action 'self'",
    `frame-ancestors ${framedBy}`,
  ].join("; ");

/** A cookie of the page's own, without a domain: none reaches a neighbour, and none takes the place of ours. */
const ownCookie = (cookie: string): string | null =>
  cookie.trimStart().startsWith(`${viewOrigin.cookie}=`) ? null : cookie.replace(/;\s*domain=[^;]*/gi, "");

/** Whose page it frames is the app's to say; the rest of the page's own policy goes on holding beside ours. */
const withoutAncestors = (policy: string): string => policy.replace(/(^|;)\s*frame-ancestors[^;,]*/gi, "");

export const serverAnswerHeaders = (given: Headers, framedBy: string): Headers => {
  const headers = new Headers();
  given.forEach((value, name) => {
    if (!withheld.test(name)) headers.append(name, value);
  });
  for (const cookie of given.getSetCookie()) {
    const own = ownCookie(cookie);
    if (own !== null) headers.append("set-cookie", own);
  }
  for (const [name, value] of Object.entries(viewHeaders(framedBy))) headers.set(name, value);
  headers.set("content-security-policy", serverPolicy(framedBy));
  // Without a word of where it comes from, a form of the page's own could not be told from a neighbour's.
  headers.set("referrer-policy", "same-origin");
  const policy = given.get("content-security-policy");
  if (policy !== null) headers.append("content-security-policy", withoutAncestors(policy));
  return headers;
};

/** Names by which a server calls its own address. */
const ownHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]", "0.0.0.0"]);

/** A redirect of the server's within itself, whichever of its names it uses. */
export const serverLocation =
  (port: number) =>
  (location: string | null, url: URL): string | null => {
    const target = location === null ? null : URL.parse(location, url);
    const isItself = target !== null && ownHosts.has(target.hostname) && Number(target.port || 80) === port;
    return isItself ? `${target.pathname}${target.search}${target.hash}` : ownLocation(location, url);
  };
