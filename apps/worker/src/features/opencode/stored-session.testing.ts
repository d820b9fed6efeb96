import type { OpenCodeEntry, OpenCodeEvent, OpenCodePart } from "./wire.ts";

/** What `GET /session/:id/message` answers while the events up to here have happened: open text is stored empty. */
export class StoredSession {
  /** Text of parts that are being written, which OpenCode keeps in memory until they end. */
  readonly #written = new Map<string, string>();
  readonly #entries = new Map<string, { info: OpenCodeEntry["info"]; parts: Map<string, OpenCodePart> }>();
  take(event: OpenCodeEvent): void {
    if (event.type === "message.part.delta") {
      const { partID, delta } = event.properties;
      this.#written.set(partID, (this.#written.get(partID) ?? "") + delta);
    }
    if (event.type === "message.updated") {
      const { info } = event.properties;
      this.#entries.set(info.id, { info, parts: this.#entries.get(info.id)?.parts ?? new Map() });
    }
    if (event.type === "message.part.updated") {
      const { part } = event.properties;
      this.#entries.get(part.messageID)?.parts.set(part.id, part);
    }
  }
  /** The parts of the last message as they are when it is interrupted. */
  interrupted(): readonly OpenCodePart[] {
    return [...([...this.#entries.values()].at(-1)?.parts.values() ?? [])].flatMap((part) => {
      const isOpen = part.type === "text" && part.time?.end === undefined;
      return isOpen ? [{ ...part, text: this.#written.get(part.id) ?? "", time: { start: 0, end: 1 } }] : [];
    });
  }
  /** A copy of what came before this message, under ids of its own. */
  forkedAt(messageId: string, sessionId: string): StoredSession {
    const copy = new StoredSession();
    const known = [...this.#entries.values()];
    const at = known.findIndex(({ info }) => info.id === messageId);
    for (const { info, parts } of known.slice(0, at < 0 ? known.length : at)) {
      const id = `${info.id}_${sessionId}`;
      const parent = info.parentID === undefined ? {} : { parentID: `${info.parentID}_${sessionId}` };
      const copies = [...parts.values()].map((part) => [part.id, { ...part, messageID: id }] as const);
      copy.#entries.set(id, { info: { ...info, id, ...parent }, parts: new Map(copies) });
    }
    return copy;
  }
  entries(): readonly OpenCodeEntry[] {
    return [...this.#entries.values()].map(({ info, parts }) => ({
      info,
      parts: [...parts.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    }));
  }
}
