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

/** Leaves queries and mutations with a `process` that has only `env`, and without timers and network. */
export const restrictToTransactions = (): void => {
  for (const name of forbidden) {
    Object.defineProperty(globalThis, name, { value: refusing(name), configurable: true, writable: true });
  }
  // biome-ignore lint/style/noProcessEnv: this is the functions' own environment, which the server has chosen.
  const env = Object.freeze({ ...process.env });
  Object.defineProperty(globalThis, "process", { value: Object.freeze({ env }), configurable: true, writable: true });
};
