import { Effect } from "effect";
import type { SandboxClient } from "../sandbox/index.ts";
import { makeOpenCodeClient, type OpenCodeError } from "./client.ts";
import { type OpenEvents, openEvents } from "./open-events.ts";

/** An OpenCode that a prompt can be given to at once: its events are heard already, and its session has been asked for. */
export interface ReadyOpenCode {
  readonly sandbox: SandboxClient;
  /** The session that it has; null where none was asked for, where it has it not, or where it may have changed since. */
  readonly sessionId: string | null;
  /** What it tells from now on. Whoever takes it closes it. */
  readonly events: OpenEvents;
}

/** The same while nobody needs it yet. */
export interface WaitingOpenCode {
  readonly isOpen: () => boolean;
  /** Ends the wait. Null where the connection has ended, and with it perhaps the sandbox. */
  readonly take: () => ReadyOpenCode | null;
  readonly close: () => void;
}

/** What OpenCode says of itself alone. Anything else may be about the session. */
const idleTalk = /^(?:(?:event|id|retry):.*|data: ?\{.*"type":"server\.(?:connected|heartbeat)".*\}|:.*|)$/;

const isIdleTalk = (bytes: Uint8Array): boolean =>
  bytes.byteLength < 2_000 &&
  new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .every((line) => idleTalk.test(line));

/** Reads along, so that whoever takes the connection hears nothing of what came before. */
const waitOn = (sandbox: SandboxClient, sessionId: string | null, events: OpenEvents): WaitingOpenCode => {
  let reading: ReturnType<OpenEvents["read"]> | null = null;
  let isOver = false;
  let isQuiet = true;
  const readAlong = async () => {
    try {
      while (!isOver) {
        reading = events.read();
        const { done, value } = await reading;
        // Whoever has taken it meanwhile reads this piece.
        if (isOver) return;
        isOver = done;
        isQuiet &&= value === undefined || isIdleTalk(value);
      }
    } catch {
      isOver = true;
    }
  };
  void readAlong();
  return {
    isOpen: () => !isOver,
    take: () => {
      if (isOver) return null;
      isOver = true;
      const read: OpenEvents["read"] = () => {
        const piece = reading ?? events.read();
        reading = null;
        return piece;
      };
      return { sandbox, sessionId: isQuiet ? sessionId : null, events: { read, close: events.close } };
    },
    close: () => {
      isOver = true;
      events.close();
    },
  };
};

/** Gets OpenCode ready for a prompt. `sessionId`: the session that this will be put to, where one is known. */
export const getReady = (
  sandbox: SandboxClient,
  sessionId: string | null,
): Effect.Effect<WaitingOpenCode, OpenCodeError> =>
  Effect.flatMap(openEvents(sandbox), (events) => {
    const has = sessionId === null ? Effect.succeed(false) : makeOpenCodeClient(sandbox).hasSession(sessionId);
    return has.pipe(
      Effect.map((isThere) => waitOn(sandbox, isThere ? sessionId : null, events)),
      Effect.onExit((exit) => (exit._tag === "Failure" ? Effect.sync(events.close) : Effect.void)),
    );
  });
