import { closeCode } from "@threadbox/contracts/errors";
import { UserId } from "@threadbox/contracts/ids";
import type { Connection, WSMessage } from "agents";
import { Schema } from "effect";
import { waitSentence } from "../../platform/rate-limited.ts";
import { Allowance, outlived } from "./allowance.ts";
import type { Clients } from "./clients.ts";
import { type ClientFrame, readFrame } from "./frames.ts";

/** Kept with a connection, also while the object sleeps. */
const SocketState = Schema.Struct({ userId: UserId, since: Schema.Number });
const isSocketState = Schema.is(SocketState);

/** Whose connection it is; null for one that was never admitted. */
export const userOf = ({ state }: Connection): UserId | null => (isSocketState(state) ? state.userId : null);

export interface GuardHost {
  readonly now: () => number;
  readonly connections: () => readonly Connection[];
  readonly clients: Clients;
  /** Somebody had to be slowed down. */
  readonly limited: (userId: UserId) => void;
}

const lengthOf = (data: WSMessage): number => (typeof data === "string" ? data.length : data.byteLength);

/** The connection is over as intended: its page has another one. */
const replacedCode = 1000;
/** What somebody who was closed for the next one is to wait; their place may be free by then. */
const surplusWaitMs = 10_000;

/** Sees to it that the clients of a thread do not come and speak more often than it can bear. */
export class Guard {
  readonly #host: GuardHost;
  readonly #allowance = new Allowance();

  constructor(host: GuardHost) {
    this.#host = host;
  }

  /** Whether a connection that has just come may stay; makes room for it. */
  admit(connection: Connection, userId: UserId): boolean {
    const since = this.#host.now();
    const verdict = this.#allowance.open(since);
    if (verdict.kind !== "pass") {
      this.#close(connection, userId, verdict.waitMs);
      return false;
    }
    const older = this.#host.connections().flatMap((known) => {
      const { state, id } = known;
      return known !== connection && isSocketState(state) ? [{ id, since: state.since, known }] : [];
    });
    const { replaced, surplus } = outlived(older, { id: connection.id, since });
    for (const { known } of replaced) known.close(replacedCode, "This page connected again.");
    for (const { known } of surplus) this.#close(known, userOf(known), surplusWaitMs);

    connection.setState({ userId, since });
    return true;
  }

  /** What a frame asks for; null where it is refused, which its sender has been told. */
  hear(connection: Connection, data: WSMessage): ClientFrame | null {
    if (connection.readyState !== WebSocket.READY_STATE_OPEN) return null;
    const verdict = this.#allowance.hear(connection.id, lengthOf(data), this.#host.now());
    if (verdict.kind === "pass") return readFrame(data);
    if (verdict.kind === "close") this.#close(connection, userOf(connection), verdict.waitMs);
    else this.#refuse(connection, data, verdict.waitMs);
    return null;
  }

  forget(connection: Connection): void {
    this.#allowance.forget(connection.id);
  }

  #refuse(connection: Connection, data: WSMessage, waitMs: number): void {
    const frame = readFrame(data);
    const requestId =
      frame.kind === "submission" ? frame.submission.requestId : frame.kind === "malformed" ? frame.requestId : null;
    this.#host.clients.refuse(connection.id, requestId, "RateLimited", waitSentence(waitMs));
    this.#report(userOf(connection));
  }

  #close(connection: Connection, userId: UserId | null, waitMs: number): void {
    connection.close(closeCode.rateLimited, waitSentence(waitMs));
    this.#report(userId);
  }

  #report(userId: UserId | null): void {
    if (userId !== null) this.#host.limited(userId);
  }
}
