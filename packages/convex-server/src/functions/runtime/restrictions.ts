import { env } from "node:process";
import { runInNewContext } from "node:vm";

/** What the running function determines of what it sees; null outside of functions, where all of it is true. */
export interface Surroundings {
  /** When the function began, in milliseconds since 1970. */
  readonly beganAt: () => number | undefined;
  readonly random: () => (() => number) | undefined;
}

/** What Convex's runtime does not offer inside queries and mutations: they must not wait for the outside world. */
const forbidden = [
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "WebSocket",
  "EventSource",
] as const;

/** What Convex's runtime has beside the language. */
const offered = [
  ...["AbortController", "AbortSignal", "Blob", "CustomEvent", "DOMException", "Event", "EventTarget", "File"],
  ...["FormData", "Headers", "Performance", "Request", "Response", "URL", "URLSearchParams"],
  ...["Crypto", "CryptoKey", "SubtleCrypto", "crypto", "performance", "console", "process"],
  ...["TextDecoder", "TextDecoderStream", "TextEncoder", "TextEncoderStream", "atob", "btoa"],
  ...["queueMicrotask", "structuredClone", "ByteLengthQueuingStrategy", "CountQueuingStrategy"],
  ...["Convex", "AsyncLocalStorage", "AsyncResource"],
];
/** ReadableStream and what belongs to it. */
const isStreamClass = (name: string): boolean => /^(Readable|Writable|Transform)\w*Stream/.test(name);

/** The globals of the language itself. */
const ofLanguage: readonly string[] = runInNewContext("Object.getOwnPropertyNames(globalThis)");

/** The globals of the language, without the object that holds them and Node's own. */
export const languageGlobals = (): unknown[] =>
  ofLanguage.filter((name) => name !== "globalThis" && name !== "console").map((name) => Reflect.get(globalThis, name));

const refusing = (name: string) =>
  // A function rather than an arrow, so that `new WebSocket()` meets the same sentence.
  function refuse(): never {
    throw new Error(
      `Can't use ${name}() in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
    );
  };

const define = (name: string, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
};

/**
 * A function that asks for the time twice is told the same: the moment at which it began. What runs outside of functions has
 * the true time.
 */
const freezeClock = (beganAt: Surroundings["beganAt"]): void => {
  const trueNow = Date.now;
  const now = (): number => beganAt() ?? trueNow();
  const TrueDate = Date;
  const FrozenDate = new Proxy(TrueDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new TrueDate(now()).toString(),
  });
  TrueDate.now = now;
  TrueDate.prototype.constructor = FrozenDate;
  globalThis.Date = FrozenDate;
};

const seedChance = (random: Surroundings["random"]): void => {
  const chance = Math.random;
  Math.random = () => (random() ?? chance)();
};

/** Node's own `Response` looks for these among the globals. */
const seenByNode = ["Buffer", "MessagePort"] as const;

/** Leaves a global to Node's own code alone. */
const hide = (name: string): void => {
  const { captureStackTrace } = Error;
  const value: unknown = Reflect.get(globalThis, name);
  const get = (): unknown => {
    const asked = { stack: "" };
    captureStackTrace(asked, get);
    return /^\s+at [^\n]*node:internal/.test(String(asked.stack).split("\n", 2)[1] ?? "") ? value : undefined;
  };
  Object.defineProperty(globalThis, name, { get, configurable: true });
};

/** Leaves queries and mutations with what Convex's runtime has, a clock that stands and chance that a seed decides. */
export const restrictToTransactions = ({ beganAt, random }: Surroundings): void => {
  freezeClock(beganAt);
  seedChance(random);
  const kept = new Set([...ofLanguage, ...offered, ...seenByNode]);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!kept.has(name) && !isStreamClass(name)) Reflect.deleteProperty(globalThis, name);
  }
  for (const name of seenByNode) hide(name);
  for (const name of forbidden) define(name, refusing(name));
  define("process", Object.freeze({ env: Object.freeze({ ...env }) }));
};
