import { PendingApproval } from "@threadbox/contracts/program-approval";
import { Option, Schema } from "effect";
import type { PendingNews } from "../codemode/index.ts";

const News = Schema.Struct({ revision: Schema.Number, pending: Schema.Array(PendingApproval) });
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(News));
const nothing: PendingNews = { revision: 0, pending: [] };
const key = "approvals";

/** Where a thread keeps single facts. */
export interface Facts {
  fact(key: string): string | null;
  setFact(key: string, value: string): void;
}

/** What programs of the thread ask a person, as the thread was told last. */
export class PendingApprovals {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  #known(): PendingNews {
    return Option.getOrElse(decode(this.#facts.fact(key)), () => nothing);
  }

  pending(): readonly PendingApproval[] {
    return this.#known().pending;
  }

  /** Null: it is old news. Else whether somebody is waited for from now on, or no more. */
  hear(news: PendingNews): { readonly isTurned: boolean } | null {
    const known = this.#known();
    if (news.revision <= known.revision) return null;
    this.#facts.setFact(key, JSON.stringify(news));
    return { isTurned: (known.pending.length === 0) !== (news.pending.length === 0) };
  }
}
