import type { Duplex } from "node:stream";
import type { EgressAnswer } from "@threadbox/contracts/egress";
import type { AskDecision } from "./ask-decision.ts";

type Verdict = EgressAnswer["verdict"];

interface Connection {
  readonly host: string;
  readonly verdict: Verdict;
}

/** Where an answer that could not be had is no reason to end what was good a moment ago. */
const isChanged = ({ verdict }: Connection, answer: EgressAnswer): boolean =>
  verdict !== answer.verdict && !(answer.verdict === "deny" && answer.cause === "unasked");

/** What is open to other hosts through one relay, and how it was decided. */
export class OpenConnections {
  readonly #open = new Map<Duplex, Connection>();

  add(client: Duplex, connection: Connection): void {
    this.#open.set(client, connection);
  }

  /** To be called when the connection has closed. */
  remove(client: Duplex): void {
    this.#open.delete(client);
  }

  /** Ends those whose host would be treated differently now. Resolves to how many. */
  async reconsider(ask: AskDecision): Promise<number> {
    const hosts = new Set([...this.#open.values()].map(({ host }) => host));
    const answers = new Map(await Promise.all([...hosts].map(async (host) => [host, await ask(host)] as const)));
    let ended = 0;
    for (const [client, connection] of this.#open) {
      const answer = answers.get(connection.host);
      if (answer === undefined || !isChanged(connection, answer)) continue;
      client.destroy();
      ended += 1;
    }
    return ended;
  }
}
