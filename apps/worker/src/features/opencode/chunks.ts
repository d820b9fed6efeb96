import { restartedPartType } from "@threadbox/contracts/restarted-part";
import type { UIMessageChunk } from "ai";
import { type ToolCall, toolCallOf } from "./tool-call.ts";
import { abandonedIn, shownMessages } from "./transcript.ts";
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

/** Collects chunks and what they say. Lives for one call of `chunksFor`, of which there is one for every token. */
class Telling {
  readonly chunks: UIMessageChunk[] = [];
  open: WrittenPart | null;
  #said: ReadonlyMap<string, Said>;
  #news: Map<string, Said> | null = null;

  constructor(ledger: Ledger) {
    this.#said = ledger.said;
    this.open = ledger.open;
  }

  get said(): ReadonlyMap<string, Said> {
    return this.#said;
  }

  /** The ledger's own map stays as it is. */
  private say(id: string, what: Said): void {
    this.#news ??= new Map(this.#said);
    this.#news.set(id, what);
    this.#said = this.#news;
  }

  /** Whether there is nothing more to say of a part, whatever may be known of it later. */
  isDone(id: string): boolean {
    const said = this.#said.get(id);
    if (said === undefined) return false;
    if (said.kind === "written") return said.isClosed;
    return said.kind === "step" || said.stage === "over";
  }

  close(): void {
    if (this.open === null) return;
    const { id, kind } = this.open;
    const said = this.said.get(id);
    if (said?.kind === "written") this.say(id, { ...said, isClosed: true });
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
    this.say(part.id, delta === null ? known : { ...known, text: part.text });
    if (part.isEnded && this.open?.id === part.id) this.close();
  }

  /** Takes back what was said of a step that the model begins again. */
  takeBack(parts: readonly LogPart[]): void {
    const taken: string[] = [];
    for (const { id } of parts) {
      const said = this.#said.get(id);
      if (said?.kind !== "written" || said.isVoid) continue;
      this.say(id, { ...said, isVoid: true });
      taken.push(id);
    }
    // The SDK replaces a data part by one of the same id, so each restart has its own.
    const [id] = taken;
    if (id !== undefined) this.chunks.push({ type: restartedPartType, id, data: { parts: taken.length } });
  }

  step(part: LogPart): void {
    this.say(part.id, { kind: "step" });
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
    this.say(part.id, { kind: "tool", stage, soFar });
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
      this.say(call.id, { kind: "tool", stage: "called", soFar: call.soFar.text });
      return;
    } else return;
    this.say(call.id, { kind: "tool", stage: "over", soFar: told });
  }
}

/** Says what is new in one message. Answers whether the next one may be told already. */
const tellMessage = (telling: Telling, message: LogMessage, isOver: boolean): boolean => {
  const isAbandoned = abandonedIn(message);
  const tellWritten = (part: WrittenPart, place: number): boolean => {
    if (isAbandoned(part, place)) {
      if (telling.open?.id === part.id) telling.close();
      return true;
    }
    telling.write(part);
    // Nothing overtakes text that is still to come.
    return isOver || part.isEnded || !part.isGapped;
  };
  /** What the model had written before it began the step again. */
  const voidBefore = (place: number): readonly LogPart[] =>
    message.parts
      .slice(0, place)
      .filter((part, at) => (part.kind === "text" || part.kind === "reasoning") && isAbandoned(part, at));

  for (const [place, part] of message.parts.entries()) {
    if (telling.isDone(part.id)) continue;
    if (part.kind === "tool") telling.call(part, isOver || message.isComplete);
    else if (part.kind === "text" || part.kind === "reasoning") {
      if (!tellWritten(part, place)) return false;
    } else {
      if (part.kind === "step-start") telling.takeBack(voidBefore(place));
      telling.step(part);
    }
  }
  return true;
};

/** The chunks that bring whoever heard `ledger` up to date with `log`; with `isOver`, everything left open is closed. */
export const chunksFor = (
  ledger: Ledger,
  log: TurnLog,
  isOver: boolean,
): readonly [Ledger, readonly UIMessageChunk[]] => {
  const telling = new Telling(ledger);
  shownMessages(log).every((message) => tellMessage(telling, message, isOver));
  if (isOver) telling.close();
  return [{ said: telling.said, open: telling.open }, telling.chunks];
};
