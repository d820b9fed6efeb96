import type { UIMessageChunk } from "ai";

/** Output that grows is told at most this often per tool call. */
const intervalMs = 200;

/** Preliminary outputs that wait, and when the last one of each tool call was told. */
export interface Waiting {
  readonly chunks: ReadonlyMap<string, UIMessageChunk>;
  readonly toldAt: ReadonlyMap<string, number>;
}

export const nothingWaits: Waiting = { chunks: new Map(), toldAt: new Map() };

/**
 * Lets the chunks through but for preliminary outputs in quick succession: of those only the latest counts, and a
 * command that prints a lot must not flood every socket. Called with no chunks it lets out what is due.
 */
export const paced = (
  waiting: Waiting,
  chunks: readonly UIMessageChunk[],
  now: number,
): readonly [Waiting, readonly UIMessageChunk[]] => {
  const held = new Map(waiting.chunks);
  const toldAt = new Map(waiting.toldAt);
  const out: UIMessageChunk[] = [];
  for (const chunk of chunks) {
    const isOutput = chunk.type === "tool-output-available" || chunk.type === "tool-output-error";
    if (isOutput) held.delete(chunk.toolCallId);
    if (chunk.type === "tool-output-available" && chunk.preliminary === true) held.set(chunk.toolCallId, chunk);
    else out.push(chunk);
  }
  for (const [id, chunk] of held) {
    if (now - (toldAt.get(id) ?? Number.NEGATIVE_INFINITY) < intervalMs) continue;
    held.delete(id);
    toldAt.set(id, now);
    out.push(chunk);
  }
  return [{ chunks: held, toldAt }, out];
};
