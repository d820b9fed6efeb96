import { wordOf } from "./form-fields.ts";

/** The hosts that were filled in, in the form in which they are kept. */
export const hostsIn = (fields: FormData): readonly string[] =>
  wordOf(fields, "hosts")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
