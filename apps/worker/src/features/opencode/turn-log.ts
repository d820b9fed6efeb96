import { Option } from "effect";
import { tokensOf } from "./tokens.ts";
import {
  decodePart,
  type OpenCodeEntry,
  type OpenCodeEvent,
  type OpenCodeFault,
  type OpenCodePart,
  type OpenCodeToolState,
} from "./wire.ts";

/** Text that is being written. `isGapped`: pieces may be missing, so pieces that arrive cannot be placed. */
export interface WrittenPart {
  readonly kind: "text" | "reasoning";
  readonly id: string;
  readonly text: string;
  readonly isEnded: boolean;
  readonly isGapped: boolean;
  /** How the latest piece has made the text what it is; null where it came whole. */
  readonly growth: { readonly from: string; readonly piece: string } | null;
}
export interface ToolPart {
  readonly kind: "tool";
  readonly id: string;
  readonly tool: string;
  readonly state: OpenCodeToolState;
}
export interface StepPart {
  readonly kind: "step-start" | "step-finish";
  readonly id: string;
}
export type LogPart = WrittenPart | ToolPart | StepPart;

/** One answer of the model; a turn has one per step. */
export interface LogMessage {
  readonly id: string;
  readonly isComplete: boolean;
  /** A compaction of the session: OpenCode's own bookkeeping, never shown. */
  readonly isSummary: boolean;
  readonly fault: OpenCodeFault | null;
  /** Why the model ended it, in OpenCode's words; null while it has not. */
  readonly finish: string | null;
  readonly tokens: number;
  readonly parts: readonly LogPart[];
}

/** What is known of one turn: everything OpenCode wrote since the user message `promptId`. */
export interface TurnLog {
  readonly promptId: string;
  /** When OpenCode stored the prompt; null until it is seen. */
  readonly promptedAt: number | null;
  /** User messages whose answers belong to this turn: the prompt, and those OpenCode adds when it compacts. */
  readonly prompts: readonly string[];
  /** User messages after the prompt of which it is not known yet whether OpenCode wrote them itself. */
  readonly laterPrompts: readonly string[];
  readonly messages: readonly LogMessage[];
  readonly fault: OpenCodeFault | null;
  /** Text of parts that an earlier reader had heard, by part id: OpenCode stores a part that is still open as empty. */
  readonly heard: ReadonlyMap<string, string>;
  /** Ids of the latest events, newest last: an event that arrives twice counts once. */
  readonly eventIds: readonly string[];
}

const eventIdsMax = 256;

export const emptyLog = (promptId: string, heard: ReadonlyMap<string, string> = new Map()): TurnLog => ({
  promptId,
  promptedAt: null,
  prompts: [promptId],
  laterPrompts: [],
  messages: [],
  fault: null,
  heard,
  eventIds: [],
});

const toLogPart = (part: OpenCodePart, isGapped: boolean, heard: TurnLog["heard"]): LogPart | null => {
  if (part.type === "compaction") return null;
  if (part.type === "tool") return { kind: "tool", id: part.id, tool: part.tool, state: part.state };
  if (part.type === "step-start" || part.type === "step-finish") return { kind: part.type, id: part.id };
  const isEnded = part.time?.end !== undefined;
  const text = part.text === "" && !isEnded && isGapped ? (heard.get(part.id) ?? "") : part.text;
  return { kind: part.type, id: part.id, text, isEnded, isGapped: isGapped && !isEnded, growth: null };
};

const rank = { pending: 0, running: 1, completed: 2, error: 2 } as const;

/** What is known after `next` arrives: news that is older than what is known changes nothing. */
const merged = (known: LogPart, next: LogPart): LogPart => {
  if (known.kind === "tool" && next.kind === "tool") {
    return rank[next.state.status] < rank[known.state.status] || rank[known.state.status] === 2 ? known : next;
  }
  if ("text" in known && "text" in next) {
    if (next.isEnded) return next;
    if (known.isEnded) return known;
    if (next.text.length > known.text.length) return next;
    // An open part is stored empty until it ends, so the pieces received so far are worth more. An event that shows
    // it empty is its beginning: no piece has been missed.
    return { ...known, isGapped: known.isGapped && (known.text !== "" || next.isGapped) };
  }
  return next;
};

/** Ids of parts ascend, and OpenCode lists parts by them. */
const withPart = (parts: readonly LogPart[], next: LogPart): readonly LogPart[] => {
  const at = parts.findIndex((part) => part.id === next.id);
  const known = parts[at];
  if (known !== undefined) return parts.with(at, merged(known, next));
  const place = parts.findLastIndex((part) => part.id < next.id) + 1;
  return parts.toSpliced(place, 0, next);
};

const inMessage = (log: TurnLog, id: string, change: (message: LogMessage) => LogMessage): TurnLog => {
  const at = log.messages.findLastIndex((message) => message.id === id);
  const known = log.messages[at];
  return known === undefined ? log : { ...log, messages: log.messages.with(at, change(known)) };
};

type MessageInfo = OpenCodeEntry["info"];

/** A message of OpenCode's takes its place in the turn, or is none of its business. */
const withMessage = (log: TurnLog, info: MessageInfo): TurnLog => {
  if (info.role === "user") {
    if (info.id === log.promptId) return { ...log, promptedAt: info.time.created };
    const isLater = log.promptedAt !== null && info.time.created > log.promptedAt;
    const isKnown = log.prompts.includes(info.id) || log.laterPrompts.includes(info.id);
    return isLater && !isKnown ? { ...log, laterPrompts: [...log.laterPrompts, info.id] } : log;
  }
  if (info.parentID === undefined || !log.prompts.includes(info.parentID)) return log;
  const isComplete = info.time.completed !== undefined;
  const facts = {
    isComplete,
    isSummary: info.summary === true,
    fault: info.error ?? null,
    finish: info.finish ?? null,
    tokens: tokensOf(info.tokens),
  };
  return log.messages.some((message) => message.id === info.id)
    ? inMessage(log, info.id, (known) => (known.isComplete && !isComplete ? known : { ...known, ...facts }))
    : { ...log, messages: [...log.messages, { id: info.id, ...facts, parts: [] }] };
};

/** A part takes its place in its message; one of a later user message tells whether OpenCode wrote that itself. */
const withPartOf = (log: TurnLog, part: OpenCodePart, isGapped: boolean): TurnLog => {
  const isOpenCodes = part.type === "compaction" || (part.type === "text" && part.synthetic === true);
  if (isOpenCodes && log.laterPrompts.includes(part.messageID)) {
    const laterPrompts = log.laterPrompts.filter((id) => id !== part.messageID);
    return { ...log, prompts: [...log.prompts, part.messageID], laterPrompts };
  }
  const news = toLogPart(part, isGapped, log.heard);
  if (news === null) return log;
  return inMessage(log, part.messageID, (known) => ({ ...known, parts: withPart(known.parts, news) }));
};

const appended = (part: LogPart, delta: string): LogPart =>
  "text" in part && !part.isEnded && !part.isGapped
    ? { ...part, text: part.text + delta, growth: { from: part.text, piece: delta } }
    : part;

/** Takes one event of this session into account. */
export const withEvent = (log: TurnLog, event: OpenCodeEvent): TurnLog => {
  if (event.id !== undefined && log.eventIds.includes(event.id)) return log;
  const noted = event.id === undefined ? log : { ...log, eventIds: [...log.eventIds.slice(1 - eventIdsMax), event.id] };
  switch (event.type) {
    case "message.updated":
      return withMessage(noted, event.properties.info);
    case "message.removed":
      return { ...noted, messages: noted.messages.filter(({ id }) => id !== event.properties.messageID) };
    case "message.part.updated":
      return withPartOf(noted, event.properties.part, false);
    case "message.part.delta": {
      const { messageID, partID, field, delta } = event.properties;
      if (field !== "text") return noted;
      return inMessage(noted, messageID, (known) => ({
        ...known,
        parts: known.parts.map((part) => (part.id === partID ? appended(part, delta) : part)),
      }));
    }
    case "message.part.removed": {
      const { messageID, partID } = event.properties;
      return inMessage(noted, messageID, (known) => ({
        ...known,
        parts: known.parts.filter(({ id }) => id !== partID),
      }));
    }
    case "session.error":
      return event.properties.error === undefined ? noted : { ...noted, fault: event.properties.error };
    default:
      return noted;
  }
};

const gapped = (part: LogPart): LogPart => ("text" in part && !part.isEnded ? { ...part, isGapped: true } : part);

/** From here on pieces may have been missed: until a part ends, what it says cannot be continued. */
export const withGap = (log: TurnLog): TurnLog => ({
  ...log,
  messages: log.messages.map((message) => ({ ...message, parts: message.parts.map(gapped) })),
});

/** Takes the session's stored messages into account, after events may have been missed. Their order is the right one. */
export const withEntries = (log: TurnLog, entries: readonly OpenCodeEntry[]): TurnLog => {
  let next = withGap(log);
  for (const { info, parts } of entries) {
    next = withMessage(next, info);
    for (const raw of parts) {
      const part = Option.getOrUndefined(decodePart(raw));
      if (part !== undefined) next = withPartOf(next, part, true);
    }
  }
  const order = new Map(entries.map(({ info }, index) => [info.id, index]));
  const place = (message: LogMessage) => order.get(message.id) ?? Number.MAX_SAFE_INTEGER;
  return { ...next, messages: next.messages.toSorted((a, b) => place(a) - place(b)) };
};
