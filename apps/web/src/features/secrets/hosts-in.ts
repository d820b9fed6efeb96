import { WireFailure } from "../errors/index.ts";
import { readSecretHosts } from "../network/index.ts";
import { wordOf } from "./form-fields.ts";

/** The hosts that were filled in, in the form in which they are kept; throws, in words, where one is none. */
export const hostsIn = (fields: FormData, named: readonly string[]): readonly string[] => {
  const read = readSecretHosts(wordOf(fields, "hosts"), named);
  if ("problem" in read) throw new WireFailure("ValidationError", read.problem);
  return read.hosts;
};
