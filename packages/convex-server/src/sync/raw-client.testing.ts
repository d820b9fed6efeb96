import type { JSONValue } from "convex/values";

/** A message as it came over the wire. */
export interface RawMessage {
  readonly type: string;
  readonly [field: string]: JSONValue;
}

interface Waiting {
  readonly passes: (message: RawMessage) => boolean;
  readonly resolve: (message: RawMessage) => void;
}

/** The sync protocol spoken by hand, for what the real client never does or never shows. */
export class RawClient {
  readonly received: RawMessage[] = [];
  readonly closed: Promise<CloseEvent>;
  readonly #socket: WebSocket;
  readonly #opened: Promise<unknown>;
  #unread: RawMessage[] = [];
  #waiting: Waiting | null = null;

  constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    this.#opened = new Promise((resolve) => this.#socket.addEventListener("open", resolve));
    this.closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve));
    this.#socket.addEventListener("message", ({ data }) => {
      const message: RawMessage = JSON.parse(String(data));
      if (message.type === "Ping") return;
      this.received.push(message);
      this.#unread.push(message);
      this.#deliver();
    });
  }

  async send(message: unknown): Promise<void> {
    await this.#opened;
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async connect(sessionId: string, fields: Record<string, unknown> = {}): Promise<void> {
    await this.send({ type: "Connect", sessionId, connectionCount: 0, lastCloseReason: null, clientTs: 0, ...fields });
  }

  /** The next message of this type; those before it are skipped. */
  next(type: string): Promise<RawMessage> {
    return this.#nextWhere((message) => message.type === type);
  }

  /** The next transition that changes some query. */
  nextChange(): Promise<RawMessage> {
    return this.#nextWhere(({ type, modifications }) => type === "Transition" && String(modifications) !== "");
  }

  close(): void {
    this.#socket.close();
  }

  #nextWhere(passes: Waiting["passes"]): Promise<RawMessage> {
    return new Promise((resolve) => {
      this.#waiting = { passes, resolve };
      this.#deliver();
    });
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const at = this.#unread.findIndex(waiting.passes);
    const found = this.#unread[at];
    if (found === undefined) return;
    this.#unread = this.#unread.slice(at + 1);
    this.#waiting = null;
    waiting.resolve(found);
  }
}

/** A ModifyQuerySet that adds one query. */
export const addQuery = (
  version: number,
  queryId: number,
  udfPath: string,
  args: unknown,
  journal: string | null = null,
): unknown => ({
  type: "ModifyQuerySet",
  baseVersion: version,
  newVersion: version + 1,
  modifications: [{ type: "Add", queryId, udfPath, args: [args], journal }],
});

export interface RawModification {
  readonly type: string;
  readonly queryId: number;
  readonly value: JSONValue;
  readonly journal: string | null;
}

/** The modifications of a Transition. */
export const modificationsOf = ({ modifications }: RawMessage): RawModification[] =>
  JSON.parse(JSON.stringify(modifications));

export const firstModification = (message: RawMessage): RawModification => {
  const [first] = modificationsOf(message);
  if (first === undefined) throw new Error("The transition changes nothing.");
  return first;
};
