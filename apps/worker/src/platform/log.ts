import { cutText } from "@threadbox/contracts/cut-text";
/** Fields of one log line. Never a body, a header map, a query string or a token. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes one JSON line; the event is named in the past tense, e.g. `sandbox.started`. */
export const log = (event: string, fields: LogFields): void => {
  console.log(JSON.stringify({ event, ...fields }));
};

/** A fault of our own: logged with its cause, which the caller has made sure holds no secret. */
export const logDefect = (event: string, cause: unknown, fields: LogFields): void => {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  console.error(JSON.stringify({ event, ...fields, cause: cutText(text, 4000) }));
};
