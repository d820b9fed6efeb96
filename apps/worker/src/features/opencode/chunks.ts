import { restartedPartType } from "@threadbox/contracts/restarted-part";
import type { UIMessageChunk } from "ai";
import { type ToolCall, toolCallOf } from "./tool-call.ts";
import { isAbandoned, shownMessages } from "./transcript.ts";
import type { LogMessage, LogPart, ToolPart, TurnLog, WrittenPart } from "./turn-log.ts";

/** What has been said of one part. */
type Said =
  | { readonly kind: "step" }
  | { readonly kind: "written"; readonly text: string; readonly isClosed: boolean; readonly isVoid: boolean }
  | { readonly kind: "tool"; readonly stage: "begun" | "called" | "over"; readonly soFar: string };

/** What the stream has said so far: the rest follows from the log. */
export interface Ledger {
  readonly said: ReadonlyMap<string, Said>;
  /** The text or reasoning part that is open; there is never more than one. */
  readonly open: WrittenPart | null;
}

export const emptyLedger: Ledger = { said: new Map(), open: null };

/**
 * What is to be said after `said`; null for text that does not continue it, which cannot be taken back here: the settled
 * message puts it right. A piece that was just added is known without a look at the text before it, however long that is.
 */
const continuation = (said: string, { text, growth }: WrittenPart): string | null => {
  if (growth !== null && growth.from === said) return growth.piece;
  return text.startsWith(said) ? text.slice(said.length) : null;
};

/** Collects chunks and what they say. Lives for one call of `chunksFor`. */
class Telling {
  readonly chunks: UIMessageChunk[] = [];
  readonly said: Map<string, Said>;
  open: WrittenPart | null;

  constructor(ledger: Ledger) {
    this.said = new Map(ledger.said);
    this.open = ledger.open;
  }

  close(): void {
    if (this.open === null) return;
    const { id, kind } = this.open;
    const said = this.said.get(id);
    if (said?.kind === "written") this.said.set(id, { ...said, isClosed: true });
    this.chunks.push({ type: `${kind}-end`, id });
    this.open = null;
  }

  write(part: WrittenPart): void {
    const said = this.said.get(part.id);
    const known =
      said?.kind === "written" ? said : { kind: "written" as const, text: "", isClosed: false, isVoid: false };
    if (known.isClosed || part.text === "") return;
    if (said === undefined) {
      this.close();
      this.chunks.push({ type: `${part.kind}-start`, id: part.id });
      this.open = part;
    }
    const delta = continuation(known.text, part);
    if (delta !== null && delta !== "") this.chunks.push({ type: `${part.kind}-delta`, id: part.id, delta });
    this.said.set(part.id, delta === null ? known : { ...known, text: part.text });
    if (part.isEnded && this.open?.id === part.id) this.close();
  }

  /** Takes back what was said of a step that the model begins again. */
  takeBack(parts: readonly LogPart[]): void {
    const taken: string[] = [];
    for (const { id } of parts) {
      const said = this.said.get(id);
      if (said?.kind !== "written" || said.isVoid) continue;
      this.said.set(id, { ...said, isVoid: true });
      taken.push(id);
    }
    // The SDK replaces a data part by one of the same id, so each restart has its own.
    const [id] = taken;
    if (id !== undefined) this.chunks.push({ type: restartedPartType, id, data: { parts: taken.length } });
  }

  step(part: LogPart): void {
    if (this.said.has(part.id)) return;
    this.said.set(part.id, { kind: "step" });
    if (part.kind === "step-finish") this.close();
    this.chunks.push({ type: part.kind === "step-start" ? "start-step" : "finish-step" });
  }

  call(part: ToolPart, isOver: boolean): void {
    const call = toolCallOf(part, isOver);
    const said = this.said.get(part.id);
    let stage = said?.kind === "tool" ? said.stage : null;
    const soFar = said?.kind === "tool" ? said.soFar : "";
    if (stage === "over") return;
    const named = { toolCallId: call.id, dynamic: true } as const;
    if (stage === null) {
      this.chunks.push({ type: "tool-input-start", toolName: call.tool, ...named });
      stage = "begun";
    }
    if (stage === "begun" && call.state !== "pending") {
      this.chunks.push({ type: "tool-input-available", toolName: call.tool, input: call.input, ...named });
      stage = "called";
    }
    this.said.set(part.id, { kind: "tool", stage, soFar });
    this.outcome(call, soFar);
  }

  private outcome(call: ToolCall, told: string): void {
    const named = { toolCallId: call.id, dynamic: true } as const;
    if (call.state === "done") {
      this.chunks.push({ type: "tool-output-available", output: call.output, preliminary: false, ...named });
    } else if (call.state === "failed") {
      this.chunks.push({ type: "tool-output-error", errorText: call.error, ...named });
    } else if (call.state === "running" && call.soFar !== null && call.soFar.text !== told) {
      this.chunks.push({ type: "tool-output-available", output: call.soFar, preliminary: true, ...named });
      this.said.set(call.id, { kind: "tool", stage: "called", soFar: call.soFar.text });
      return;
    } else return;
    this.said.set(call.id, { kind: "tool", stage: "over", soFar: told });
  }
}

/** What the model had written in this message before it began the step again. */
const voidBefore = (message: LogMessage, step: LogPart): readonly LogPart[] =>
  message.parts
    .slice(0, message.parts.indexOf(step))
    .filter((part) => (part.kind === "text" || part.kind === "reasoning") && isAbandoned(message, part));

/** Says one part. Answers whether the next ones may be told already: nothing overtakes text that is still to come. */
const tell = (telling: Telling, message: LogMessage, part: LogPart, isOver: boolean): boolean => {
  if (part.kind === "tool") telling.call(part, isOver || message.isComplete);
  else if (part.kind === "text" || part.kind === "reasoning") return tellWritten(telling, message, part, isOver);
  else {
    if (part.kind === "step-start") telling.takeBack(voidBefore(message, part));
    telling.step(part);
  }
  return true;
};

const tellWritten = (telling: Telling, message: LogMessage, part: WrittenPart, isOver: boolean): boolean => {
  if (isAbandoned(message, part)) {
    if (telling.open?.id === part.id) telling.close();
    return true;
  }
  telling.write(part);
  return isOver || part.isEnded || !part.isGapped;
};

/** The chunks that bring whoever heard `ledger` up to date with `log`; with `isOver`, everything left open is closed. */
export const chunksFor = (
  ledger: Ledger,
  log: TurnLog,
  isOver: boolean,
): readonly [Ledger, readonly UIMessageChunk[]] => {
  const telling = new Telling(ledger);
  tellAll(telling, shownMessages(log), isOver);
  if (isOver) telling.close();
  return [{ said: telling.said, open: telling.open }, telling.chunks];
};

const tellAll = (telling: Telling, messages: readonly LogMessage[], isOver: boolean): void => {
  for (const message of messages) {
    for (const part of message.parts) {
      if (!tell(telling, message, part, isOver)) return;
    }
  }
};
