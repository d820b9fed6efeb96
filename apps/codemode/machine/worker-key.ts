import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Redacted } from "effect";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether a request shows the worker's key; compares in the same time whatever is shown. */
export const workerKey = (key: Redacted.Redacted<string>): ((request: IncomingMessage) => boolean) => {
  const wanted = digest(`Bearer ${Redacted.value(key)}`);
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ""), wanted);
};

const nameLengthMax = 200;

/** A name that the worker has given in a header; empty where it has given none. */
export const nameOf = ({ headers }: IncomingMessage, header: string): string => {
  const name = headers[header];
  return typeof name === "string" ? name.slice(0, nameLengthMax) : "";
};
