import { Option, Schema } from "effect";

/**
 * Why a model provider refused. `limit`: too much at once; `credit`: nothing left to spend; `fault`: its own trouble;
 * `unusable`: it answered, but not as a model does; `broken`: its connection broke in mid-answer. The words of both are ours.
 */
const refusalKinds = ["limit", "credit", "key", "fault", "unusable", "broken", "other"] as const;
export type ModelRefusalKind = (typeof refusalKinds)[number];

/** What the model gateway knows of a provider's refusal, whatever the provider's words are. */
export interface ModelRefusal {
  readonly kind: ModelRefusalKind;
  /** How long the provider asks to wait; null where it does not say. */
  readonly waitSeconds: number | null;
}

const waitSecondsMax = 999_999_999;
const mark = new RegExp(` \\[threadbox (${refusalKinds.join("|")})(?: (\\d{1,9}))?\\]$`);

/** OpenCode has words of its own for messages with these in them. */
const replacedByOpenCode = /Overloaded|FreeUsageLimitError|GoUsageLimitError/g;

/**
 * The message of the gateway's answer. Of a refusal that it repeats OpenCode tells nothing but this message, so what is
 * known of it stands behind the words.
 */
export const markModelRefusal = (words: string, { kind, waitSeconds }: ModelRefusal): string => {
  const wait = waitSeconds === null ? "" : ` ${Math.min(Math.ceil(waitSeconds), waitSecondsMax)}`;
  return `${words.replace(replacedByOpenCode, (word) => word.toLowerCase())} [threadbox ${kind}${wait}]`;
};

export interface ReadModelRefusal {
  readonly words: string;
  /** Null where the message does not come from the gateway's provider. */
  readonly refusal: ModelRefusal | null;
}

const decodeSaid = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ message: Schema.String })));

/** Of an error in the middle of an answer OpenCode tells the whole object, as JSON. */
const unwrapped = (message: string): string =>
  Option.match(decodeSaid(message), { onNone: () => message, onSome: (said) => said.message });

/** The message as it was before `markModelRefusal`, and what was known. */
export const readModelRefusal = (text: string): ReadModelRefusal => {
  const message = unwrapped(text);
  const found = mark.exec(message);
  const kind = refusalKinds.find((known) => known === found?.[1]);
  if (found === null || kind === undefined) return { words: message, refusal: null };
  const waitSeconds = found[2] === undefined ? null : Number(found[2]);
  return { words: message.slice(0, found.index), refusal: { kind, waitSeconds } };
};
