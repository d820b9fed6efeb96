import type { ErrorTag } from "@threadbox/contracts/errors";
import { readBody } from "./bounded-body.ts";
import { plainPayload } from "./plain-payload.ts";

/** Every server function and its method; for a caller there are no others. */
const serverFunctions = new Map([["issueThreadToken", "POST"]]);

/** Longest body of a call, in bytes: each takes an id or two. */
const bodyBytesMax = 65_536;

/** Why a request is not taken. The message is one plain sentence that may cross the wire. */
export interface Refusal {
  readonly tag: ErrorTag;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const prefix = "/_serverFn/";

export const isServerFunctionPath = (pathname: string): boolean => pathname.startsWith(prefix);

const isJson = (headers: Headers): boolean =>
  headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === "application/json";

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
};

/**
 * The call as the framework may see it: a function that exists, its method, and a payload of plain text, read within
 * bounds and written anew. What the framework cannot take it would call our fault, and print with its stack.
 */
export const readServerFunctionCall = async (request: Request, pathname: string): Promise<Request | Refusal> => {
  const method = serverFunctions.get(pathname.slice(prefix.length));
  if (method === undefined) return { tag: "NotFound", message: "There is no such function." };
  if (request.method !== method)
    return { tag: "MethodNotAllowed", message: "This method is not allowed here.", headers: { allow: method } };
  const { headers } = request;
  if (!isJson(headers)) return { tag: "FileTypeRejected", message: "This function takes JSON." };
  const isAnnouncedTooLong = Number(headers.get("content-length")) > bodyBytesMax;
  // A client that goes away, or is too slow for the server, ends its own body.
  const bytes = isAnnouncedTooLong ? null : await readBody(request.body, bodyBytesMax).catch(() => undefined);
  if (bytes === null) return { tag: "BodyTooLarge", message: "This request is too large." };
  const payload = bytes === undefined ? undefined : plainPayload(parse(bytes));
  if (payload === undefined) return { tag: "ValidationError", message: "This request cannot be read." };
  const rewritten = new Headers(headers);
  for (const name of ["content-length", "transfer-encoding"]) rewritten.delete(name);
  return new Request(request.url, {
    method,
    headers: rewritten,
    body: JSON.stringify(payload),
    signal: request.signal,
  });
};
