import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { Generation } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { readBytes } from "../../http/body.ts";
import { leaveThread } from "../egress/index.ts";
import { Sandboxes } from "../sandbox/index.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import type { ProgramOwner } from "./program-owner.ts";

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

export const readUrl = (text: string): Effect.Effect<URL, ToolRefusedError> => {
  const url = decodeUrl(text);
  return url === null
    ? Effect.fail(refuse("Only an https address of a host's name can be fetched."))
    : Effect.succeed(url);
};

const generationOf = Effect.fnUntraced(function* ({ threadId, generation }: ProgramOwner) {
  if (generation !== null) return generation;
  const found = yield* Effect.mapError(
    Sandboxes.use((sandboxes) => sandboxes.find(threadId)),
    asRefusal,
  );
  return found?.generation ?? (1 as Generation);
});

/** What a request says besides its address. */
interface Outgoing {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
}

/** Sends one request for a thread's program; redirects are handed back. */
export const leave = Effect.fn("leaveProgram")(function* (url: string, outgoing: Outgoing, owner: ProgramOwner) {
  const generation = yield* generationOf(owner);
  return yield* Effect.mapError(leaveThread(new Request(url, outgoing), { ...owner, generation }), asRefusal);
});

const dropBody = (response: Response) => Effect.promise(async () => response.body?.cancel());

/** The text of an answer; 5 MB at most. */
export const readText = Effect.fnUntraced(function* (response: Response) {
  if (!isText(response.headers.get("content-type") ?? "text/plain")) {
    yield* dropBody(response);
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

/** What is meant for one host is for no other. */
const withoutCredentials = (headers: Headers): Headers => {
  const kept = ["accept", "accept-language", "user-agent"];
  return new Headers([...headers].filter(([name]) => kept.includes(name)));
};

/** Follows an address that is only read to its end. */
export const follow = Effect.fnUntraced(function* (first: URL, outgoing: Outgoing, owner: ProgramOwner) {
  let url: URL | null = first;
  let { headers } = outgoing;
  for (let hops = 0; hops <= redirectsMax; hops += 1) {
    if (url === null) return yield* refuse("The address leads to one that can't be fetched.");
    const response: Response = yield* leave(url.href, { ...outgoing, headers }, owner);
    const next = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || next === null) return response;
    yield* dropBody(response);
    // Every hop is decided anew, as if the program had asked for it.
    const { host }: URL = url;
    url = decodeUrl(next, url.href);
    if (url?.host !== host) headers = withoutCredentials(headers);
  }
  return yield* refuse(`The address leads on more than ${redirectsMax} times.`);
});

/** Whatever is asked outside has to be over in 15 s. */
export const inTime = <A, R>(work: Effect.Effect<A, ToolRefusedError, R>): Effect.Effect<A, ToolRefusedError, R> =>
  Effect.timeoutOrElse(work, {
    duration: wholeMs,
    orElse: () => Effect.fail(refuse("The address took too long to answer.")),
  });
