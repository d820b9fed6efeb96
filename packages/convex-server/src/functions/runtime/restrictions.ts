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

const refusing = (name: string) =>
  // A function rather than an arrow, so that `new WebSocket()` meets the same sentence.
  function refuse(): never {
    throw new Error(
      `Can't use ${name}() in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
    );
  };

/** Host globals that no runtime of Convex's but Node's has. `Buffer` has to stay: Node's own `Response` needs it. */
const absent = ["global", "navigator"] as const;

/**
 * A function that asks for the time twice is told the same: the moment at which it began. What runs outside of functions has
 * the true time.
 */
const freezeClock = (beganAt: () => number | undefined): void => {
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

/**
 * Leaves queries and mutations with a `process` that has only `env`, without timers and network, and with a clock that stands.
 * `beganAt`: of the function that runs, in milliseconds since 1970.
 */
export const restrictToTransactions = (beganAt: () => number | undefined): void => {
  freezeClock(beganAt);
  for (const name of absent) Reflect.deleteProperty(globalThis, name);
  for (const name of forbidden) {
    Object.defineProperty(globalThis, name, { value: refusing(name), configurable: true, writable: true });
  }
  // biome-ignore lint/style/noProcessEnv: this is the functions' own environment, which the server has chosen.
  const env = Object.freeze({ ...process.env });
  Object.defineProperty(globalThis, "process", { value: Object.freeze({ env }), configurable: true, writable: true });
};
