import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { Generation } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { readBytes } from "../../../http/body.ts";
import { leaveThread } from "../../egress/index.ts";
import { Sandboxes } from "../../sandbox/index.ts";
import { asRefusal, ToolRefusedError } from "../errors.ts";
import type { ToolCaller } from "../tool.ts";

const redirectsMax = 3;
const wholeMs = 15_000;

const refuse = (message: string) => new ToolRefusedError({ message });

const isText = (type: string): boolean =>
  /^(?:text\/|application\/(?:[a-z0-9.+-]*\+)?(?:json|xml)\b|application\/(?:javascript|x-ndjson|toml|yaml)\b)/i.test(
    type,
  );

/** What may be asked for: https, a name, the usual port, nobody's password. */
const decodeUrl = (text: string, base?: string): URL | null => {
  const url = URL.parse(text, base);
  if (url === null || url.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "")
    return null;
  url.hash = "";
  return url;
};

const generationOf = Effect.fnUntraced(function* ({ threadId, generation }: ToolCaller) {
  if (generation !== null) return generation;
  const found = yield* Effect.mapError(
    Sandboxes.use((sandboxes) => sandboxes.find(threadId)),
    asRefusal,
  );
  return found?.generation ?? (1 as Generation);
});

const readText = Effect.fnUntraced(function* (response: Response) {
  if (!isText(response.headers.get("content-type") ?? "text/plain")) {
    yield* Effect.promise(async () => response.body?.cancel());
    return yield* refuse("The answer is no text.");
  }
  const bytes = yield* Effect.tryPromise({
    try: () => readBytes(response, codemodeLimits.fetchBytesMax),
    catch: () => refuse("The answer broke off."),
  });
  if (bytes === null)
    return yield* refuse(`The answer is larger than ${codemodeLimits.fetchBytesMax / 1024 / 1024} MB.`);
  return new TextDecoder().decode(bytes);
});

const follow = Effect.fnUntraced(function* (text: string, caller: ToolCaller) {
  const generation = yield* generationOf(caller);
  let url = decodeUrl(text);
  for (let hops = 0; hops <= redirectsMax; hops += 1) {
    if (url === null) return yield* refuse("Only an https address of a host's name can be fetched.");
    const request = new Request(url, { headers: { accept: "text/*, application/json;q=0.9, */*;q=0.1" } });
    const response = yield* Effect.mapError(leaveThread(request, { ...caller, generation }), asRefusal);
    const next = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || next === null) return yield* readText(response);
    yield* Effect.promise(async () => response.body?.cancel());
    // Every hop is decided anew, as if the program had asked for it.
    url = decodeUrl(next, url.href);
  }
  return yield* refuse(`The address leads on more than ${redirectsMax} times.`);
});

/** The text at an address, by the rules of everything that leaves the thread's sandbox; 5 MB and 15 s at most. */
export const fetchText = (url: string, caller: ToolCaller) =>
  Effect.timeoutOrElse(follow(url, caller), {
    duration: wholeMs,
    orElse: () => Effect.fail(refuse("The address took too long to answer.")),
  });
