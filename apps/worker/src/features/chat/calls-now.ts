import type { UIMessageChunk } from "ai";

/** Tool calls that run at this moment, as far as they were told. */
export class CallsNow {
  readonly #running = new Map<string, string>();

  note(chunks: readonly UIMessageChunk[]): void {
    for (const chunk of chunks) {
      if (chunk.type === "tool-input-available") this.#running.set(chunk.toolCallId, chunk.toolName);
      const isOver =
        chunk.type === "tool-output-error" || (chunk.type === "tool-output-available" && chunk.preliminary !== true);
      if (isOver) this.#running.delete(chunk.toolCallId);
    }
  }

  list(): readonly { readonly id: string; readonly tool: string }[] {
    return [...this.#running].map(([id, tool]) => ({ id, tool }));
  }

  /** The turn is over, and whatever ran in it. */
  clear(): void {
    this.#running.clear();
  }
}
