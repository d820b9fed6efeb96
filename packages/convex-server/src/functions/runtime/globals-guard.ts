/** What an object was like when it was captured. */
interface Known {
  readonly object: object;
  readonly prototype: object | null;
  keys: readonly PropertyKey[];
  readonly properties: ReadonlyMap<PropertyKey, PropertyDescriptor>;
  /** The same as `properties`, in the order of `keys`. */
  descriptors: readonly (PropertyDescriptor | undefined)[];
}

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf, defineProperty, deleteProperty } = Reflect;
const { freeze } = Object;

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

const isSame = (now: PropertyDescriptor | undefined, then: PropertyDescriptor | undefined): boolean =>
  now === then ||
  (now !== undefined &&
    then !== undefined &&
    Object.is(now.value, then.value) &&
    now.get === then.get &&
    now.set === then.set &&
    now.writable === then.writable &&
    now.configurable === then.configurable);

/** A method: it has no prototype of its own and nothing is ever kept in it. */
const isPlainMethod = (object: object, keys: readonly PropertyKey[]): boolean =>
  typeof object === "function" && keys.every((key) => key === "length" || key === "name");

/** What programs extend or repair, as they may on Convex, and inherit from and override: it stays open and is compared. */
const openNames = [
  ...["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Promise", "Iterator"],
  ...["Map", "Set", "WeakMap", "WeakSet", "Date", "RegExp", "JSON", "Math", "Reflect"],
  ...["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"],
];

/** A class or its prototype; not an object that the thread works with. */
const isOfClass = (object: object): boolean => {
  if (typeof object === "function") return true;
  const made: unknown = getOwnPropertyDescriptor(object, "constructor")?.value;
  return typeof made === "function" && getOwnPropertyDescriptor(made, "prototype")?.value === object;
};

/**
 * Keeps the globals of a thread, and all that hangs on them, as they were captured: what a call changes in
 * `Array.prototype` is gone before the next. The common classes of the language are compared with what they were; all other
 * classes are frozen, which costs nothing. A new realm for each call would take milliseconds: every function in it starts cold.
 */
export class GlobalsGuard {
  readonly #known = new WeakSet<object>();
  /** Those that can change. */
  readonly #open: Known[] = [];
  #hasFetchClasses = false;

  /** Captures objects and everything that can be reached from them without calling anything. */
  capture(roots: readonly unknown[]): void {
    // What writes for the thread: not a function's to change more than once, and full of Node's own state.
    this.#known.add(console);
    this.#captureAll(
      openNames.map((name) => Reflect.get(globalThis, name)),
      (object, keys) => isPlainMethod(object, keys),
    );
    this.#captureAll(roots, (object) => object !== globalThis && isOfClass(object));
  }

  #captureFetchClasses(): void {
    this.#hasFetchClasses = true;
    this.capture(fetchClasses.map((name) => Reflect.get(globalThis, name)));
  }

  #captureAll(roots: readonly unknown[], isClosed: (object: object, keys: readonly PropertyKey[]) => boolean): void {
    const waiting = roots.filter(isObject);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (this.#known.has(next)) continue;
      const known = captureOne(next);
      if (isClosed(next, known.keys)) freeze(next);
      else this.#open.push(known);
      this.#known.add(next);
      waiting.push(...reachable(known));
    }
  }

  /** Undoes every change. False when something cannot be undone: then the thread is of no further use. */
  restore(): boolean {
    let isRestored = true;
    if (!this.#hasFetchClasses && areFetchClassesLoaded()) this.#captureFetchClasses();
    for (const known of this.#open) {
      if (!isUnchanged(known) && !mend(known)) isRestored = false;
    }
    return isRestored;
  }
}

/** Node loads these, with 15 MB of its own, when one is first looked at; so nobody looks before a function does. */
const fetchClasses = ["FormData", "Headers", "Request", "Response"];
const areFetchClassesLoaded = (): boolean => Symbol.for("undici.globalDispatcher.2") in globalThis;

const isOfFetch = (key: PropertyKey): boolean =>
  typeof key === "symbol" ? (key.description ?? "").startsWith("undici.") : fetchClasses.includes(String(key));

const keysOf = (object: object): PropertyKey[] =>
  object === globalThis ? ownKeys(object).filter((key) => !isOfFetch(key)) : ownKeys(object);

const captureOne = (object: object): Known => {
  const keys = keysOf(object);
  const properties = new Map<PropertyKey, PropertyDescriptor>();
  for (const key of keys) {
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor !== undefined) properties.set(key, descriptor);
  }
  return { object, prototype: getPrototypeOf(object), keys, properties, descriptors: [...properties.values()] };
};

const reachable = ({ prototype, properties }: Known): object[] =>
  [prototype, ...[...properties.values()].flatMap(({ value, get, set }) => [value, get, set])].filter(isObject);

const isUnchanged = ({ object, prototype, keys, descriptors }: Known): boolean => {
  if (getPrototypeOf(object) !== prototype) return false;
  const now = keysOf(object);
  if (now.length !== keys.length) return false;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (key === undefined || now[index] !== key) return false;
    if (!isSame(getOwnPropertyDescriptor(object, key), descriptors[index])) return false;
  }
  return true;
};

const mend = (known: Known): boolean => {
  const { object, prototype, properties } = known;
  let isMended = getPrototypeOf(object) === prototype || setPrototypeOf(object, prototype);
  for (const key of keysOf(object)) {
    if (!properties.has(key) && !deleteProperty(object, key)) isMended = false;
  }
  for (const [key, then] of properties) {
    const isAsBefore = isSame(getOwnPropertyDescriptor(object, key), then);
    if (!isAsBefore && !defineProperty(object, key, then)) isMended = false;
  }
  // A property that was deleted and put back comes last from now on.
  known.keys = keysOf(object);
  known.descriptors = known.keys.map((key) => properties.get(key));
  return isMended;
};
