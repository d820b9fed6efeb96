import { messagesMax, partLengthMax, partsMax, turnLengthMax, writtenLengthMax } from "./bounds.ts";
import type { Excess } from "./errors.ts";
import type { LogMessage } from "./turn-log.ts";

/** The strings in a value of JSON, names of fields included, and something for everything else in it. */
const lengthOf = (value: unknown): number => {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + lengthOf(item), 8);
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + lengthOf(item), 8);
};

/** A part's growth names text that it holds already. */
const ungrown = (message: LogMessage) => ({
  ...message,
  parts: message.parts.map((part) => ("text" in part ? { ...part, growth: null } : part)),
});

const partsIn = (messages: readonly LogMessage[]): number => messages.reduce((sum, { parts }) => sum + parts.length, 0);

const isLong = ({ parts }: LogMessage): boolean =>
  parts.some((part) => "text" in part && part.text.length > partLengthMax);

const writtenLength = (messages: readonly LogMessage[]): number =>
  messages.reduce(
    (sum, { parts }) => sum + parts.reduce((length, part) => length + ("text" in part ? part.text.length : 0), 0),
    0,
  );

/** What a turn has too much of, if anything, at the price of a look at each message. */
export const crowdOf = (messages: readonly LogMessage[]): Excess | null =>
  messages.length > messagesMax || partsIn(messages) > partsMax ? "parts" : null;

/** What a turn has too much of, if anything; looks at all it holds. */
export const excessOfLog = (messages: readonly LogMessage[]): Excess | null => {
  const crowd = crowdOf(messages);
  if (crowd !== null) return crowd;
  if (messages.some(isLong) || writtenLength(messages) > writtenLengthMax) return "length";
  return lengthOf(messages.map(ungrown)) > turnLengthMax ? "length" : null;
};
