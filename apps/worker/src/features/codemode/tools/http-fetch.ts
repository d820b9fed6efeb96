import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Effect } from "effect";
import { z } from "zod";
import { ToolRefusedError } from "../errors.ts";
import { follow, inTime, readText, readUrl } from "../go-out.ts";
import { defineTool } from "../tool.ts";

const refuse = (message: string) => new ToolRefusedError({ message });

/** What the way itself says of a request is not the program's to say. */
const ofTheWay =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|via|forwarded|accept-encoding|x-forwarded-.*|proxy-.*|sec-.*|cf-.*)$/;

const readHeaders = Effect.fnUntraced(function* (given: Readonly<Record<string, string>>) {
  const headers = new Headers();
  let left: number = codemodeLimits.headerBytesMax;
  for (const [name, value] of Object.entries(given)) {
    if (ofTheWay.test(name.toLowerCase())) return yield* refuse(`The header ${name.slice(0, 100)} can't be set.`);
    left -= new TextEncoder().encode(name + value).byteLength;
    if (left < 0) return yield* refuse(`Headers are ${codemodeLimits.headerBytesMax / 1024} KiB at most.`);
    yield* Effect.try({
      try: () => headers.append(name, value),
      catch: () => refuse("A header has a name or a value that HTTP does not know."),
    });
  }
  return headers;
});

/** What an answer says of itself that a program may need. */
const told = ["content-type", "etag", "last-modified", "link", "location", "retry-after"];

const toldHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => told.includes(name) || /^x-ratelimit-/.test(name)));

export const httpFetch = defineTool({
  namespace: "http",
  name: "fetch",
  mark: "sends",
  description:
    "Asks an https address. GET and HEAD only read, at once: { status, headers, text }. Every other method waits: { isHeld: true, position }; it is sent after the program has returned and a person has allowed it, and its answer is told with the program's result, never to the program. A handle from getSecret stands for its secret in the address and in headers",
  input: z.object({
    url: z.string().max(8_192),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
    headers: z.record(z.string().min(1).max(200), z.string().max(codemodeLimits.headerBytesMax)).default({}),
    body: z.string().max(codemodeLimits.bodyBytesMax).optional(),
  }),
  run: Effect.fn("http.fetch")(function* ({ url, method, headers: given, body }, caller) {
    const address = yield* readUrl(url);
    const headers = yield* readHeaders(given);
    if (method === "GET" || method === "HEAD") {
      if (body !== undefined) return yield* refuse(`${method} takes no body.`);
      const asking = Effect.gen(function* () {
        const response = yield* follow(address, { method, headers }, caller);
        const text = method === "HEAD" ? "" : yield* readText(response);
        return { status: response.status, headers: toldHeaders(response.headers), text };
      });
      return yield* inTime(asking);
    }
    if (body !== undefined && !headers.has("content-type")) headers.set("content-type", "text/plain;charset=UTF-8");
    const position = yield* caller.hold({ method, url: address.href, headers, body: body ?? null });
    return { isHeld: true, position };
  }),
});
