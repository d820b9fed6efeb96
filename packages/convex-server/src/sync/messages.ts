import type { JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import { encodeTimestamp } from "../values/timestamp.ts";

/** What a client sends; the subset of the fields that matter here. */
export type ClientMessage =
  | {
      readonly type: "Connect";
      readonly sessionId: string;
      readonly maxObservedTimestamp?: string;
      readonly clientTs?: number;
    }
  | {
      readonly type: "Authenticate";
      readonly tokenType: "User" | "None" | "Admin";
      readonly value?: string;
      readonly baseVersion: number;
      /** As whom somebody with the admin key acts. */
      readonly impersonating?: unknown;
    }
  | {
      readonly type: "ModifyQuerySet";
      readonly baseVersion: number;
      readonly newVersion: number;
      readonly modifications: readonly QuerySetModification[];
    }
  | FunctionRequest
  | { readonly type: "Event" };

export interface FunctionRequest {
  readonly type: "Mutation" | "Action";
  readonly requestId: number;
  readonly udfPath: string;
  readonly args: readonly JSONValue[];
  readonly componentPath?: string;
}

export type QuerySetModification =
  | {
      readonly type: "Add";
      readonly queryId: number;
      readonly udfPath: string;
      readonly args: readonly JSONValue[];
      readonly journal?: string | null;
      readonly componentPath?: string;
    }
  | { readonly type: "Remove"; readonly queryId: number };

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isList: Check = Array.isArray;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);

const shapes: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  Connect: { sessionId: isText, maxObservedTimestamp: optional(isText) },
  Authenticate: { tokenType: isText, value: optional(isText), baseVersion: isCount },
  ModifyQuerySet: { baseVersion: isCount, newVersion: isCount, modifications: isList },
  Mutation: { requestId: isCount, udfPath: isText, args: isList },
  Action: { requestId: isCount, udfPath: isText, args: isList },
  Event: {},
  Add: { queryId: isCount, udfPath: isText, args: isList, journal: optional(isText) },
  Remove: { queryId: isCount },
};

const requireShape = (value: unknown): void => {
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") {
    throw new Fault("InvalidRequest", "A message has no type.");
  }
  const shape = Object.hasOwn(shapes, value.type) ? shapes[value.type] : undefined;
  if (shape === undefined) throw new Fault("InvalidRequest", `Unknown message type ${value.type}.`);
  const fields = new Map(Object.entries(value));
  for (const [field, check] of Object.entries(shape)) {
    if (!check(fields.get(field))) throw new Fault("InvalidRequest", `${value.type}: malformed ${field}.`);
  }
};

/** Throws a fault for text that is no message of the protocol. */
export const decodeClientMessage = (text: string): ClientMessage => {
  let message: ClientMessage;
  try {
    message = JSON.parse(text);
  } catch {
    throw new Fault("InvalidRequest", "A message is not JSON.");
  }
  requireShape(message);
  if (message.type === "ModifyQuerySet") message.modifications.forEach(requireShape);
  return message;
};

export interface StateVersion {
  readonly querySet: number;
  readonly identity: number;
  readonly timestamp: bigint;
}

const versionText = ({ querySet, identity, timestamp }: StateVersion): string =>
  JSON.stringify({ querySet, identity, ts: encodeTimestamp(timestamp) });

export interface Transition {
  readonly start: StateVersion;
  readonly end: StateVersion;
  /** Texts of the modifications. */
  readonly modifications: readonly string[];
  /** Milliseconds by which the client's clock is ahead. */
  readonly clientClockSkew: number;
  /** Nanoseconds since 1970. */
  readonly serverTs: number;
}

export const transitionText = ({ start, end, modifications, clientClockSkew, serverTs }: Transition): string =>
  `{"type":"Transition","startVersion":${versionText(start)},"endVersion":${versionText(end)},` +
  `"modifications":[${modifications.join(",")}],"clientClockSkew":${clientClockSkew},"serverTs":${serverTs}}`;

/** The texts to send for one message: itself, or its parts when proxies may refuse it for its length. */
export function* inParts(
  text: string,
  newTransitionId: () => string,
  lengthMax: number,
): Generator<string, void, void> {
  if (text.length <= lengthMax) {
    yield text;
    return;
  }
  const transitionId = newTransitionId();
  const totalParts = Math.ceil(text.length / lengthMax);
  for (let partNumber = 0; partNumber < totalParts; partNumber += 1) {
    const chunk = text.slice(partNumber * lengthMax, (partNumber + 1) * lengthMax);
    yield JSON.stringify({ type: "TransitionChunk", chunk, partNumber, totalParts, transitionId });
  }
}
