import type { ErrorTag } from "@threadbox/contracts/errors";
import { webApi } from "@threadbox/contracts/web-api";
import { readBody } from "./bounded-body.ts";

/** Every route of the web server's API and its method; for a caller there are no others. */
const methods: ReadonlyMap<string, string> = new Map(Object.values(webApi).map(({ path, method }) => [path, method]));

/** Longest body of a call, in bytes: each takes an id or two. */
const bodyBytesMax = 65_536;

/** Why a request is not taken. The message is one plain sentence that may cross the wire. */
export interface Refusal {
  readonly tag: ErrorTag;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Paths that no page has: the API's, and the framework's way to functions, of which there are none. */
const prefixes = ["/api/", "/_serverFn/"];

export const isApiPath = (pathname: string): boolean => prefixes.some((prefix) => pathname.startsWith(prefix));

const isJson = (headers: Headers): boolean =>
  headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === "application/json";

const isJsonObject = (bytes: Uint8Array): boolean => {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/**
 * The call as a route may see it: a path that exists, its method, and a JSON object, read within bounds. What the
 * framework cannot take it would call our fault, and print with its stack.
 */
export const readApiCall = async (request: Request, pathname: string): Promise<Request | Refusal> => {
  const method = methods.get(pathname);
  if (method === undefined) return { tag: "NotFound", message: "There's nothing at this address." };
  if (request.method !== method)
    return { tag: "MethodNotAllowed", message: "This method isn't allowed here.", headers: { allow: method } };
  const { headers } = request;
  if (!isJson(headers)) return { tag: "FileTypeRejected", message: "This route takes JSON." };
  const isAnnouncedTooLong = Number(headers.get("content-length")) > bodyBytesMax;
  // A client that goes away, or is too slow for the server, ends its own body.
  const bytes = isAnnouncedTooLong ? null : await readBody(request.body, bodyBytesMax).catch(() => undefined);
  if (bytes === null) return { tag: "BodyTooLarge", message: "This request is too large." };
  if (bytes === undefined || !isJsonObject(bytes))
    return { tag: "ValidationError", message: "Can't read this request." };
  const rewritten = new Headers(headers);
  for (const name of ["content-length", "transfer-encoding"]) rewritten.delete(name);
  return new Request(request.url, { method, headers: rewritten, body: bytes, signal: request.signal });
};
