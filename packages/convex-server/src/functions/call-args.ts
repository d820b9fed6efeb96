import type { JSONValue } from "convex/values";
import { Fault, unsupported } from "../faults.ts";

/** The parsed arguments of one system call. */
export type CallArgs = Readonly<Record<string, JSONValue>>;

export const textArg = (args: CallArgs, name: string): string => {
  const value = args[name];
  if (typeof value !== "string") throw new Fault("InvalidRequest", `Invalid argument \`${name}\`: expected a string.`);
  return value;
};

export const optionalTextArg = (args: CallArgs, name: string): string | undefined => {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
};

const handlePrefix = "function://;";

export const functionHandle = (path: string): string => `${handlePrefix}${path}`;

/** The path of the function that a call names, by path or by handle. */
export const functionPath = (args: CallArgs): string => {
  const handle = optionalTextArg(args, "functionHandle");
  if (handle?.startsWith(handlePrefix)) return handle.slice(handlePrefix.length);
  const name = optionalTextArg(args, "name");
  if (name === undefined) throw unsupported("Calling functions of components");
  return name;
};
