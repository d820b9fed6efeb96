import type { SecretAuditRow } from "@threadbox/contracts/secrets";
import { base64url } from "jose";
import { deriveHmacKey, hmacOf, type MasterKeys } from "./master-keys.ts";

/** What is to be written down. */
export type AuditDeed = Omit<SecretAuditRow, "sequence">;

/** A row of the chain as it is stored. */
export interface ChainRow extends SecretAuditRow {
  readonly kid: string;
  /** Keyed hash over this row and the one before it, base64url. */
  readonly hash: string;
}

/** Where the chain ends. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { sequence: 0, hash: "" };

const textOf = (row: Omit<ChainRow, "hash">, before: string): string =>
  JSON.stringify([
    ...[row.sequence, row.at, row.actor, row.action, row.secretId, row.name, row.scope, row.version],
    ...[row.reason, row.requestId, row.kid, before],
  ]);

/** Keys for the chain, each derived once. A chain may have been written under several master keys. */
const keysFor = (keys: MasterKeys) => {
  const derived = new Map<string, Promise<CryptoKey>>();
  return (kid: string): Promise<CryptoKey> | null => {
    const master = keys.byKid.get(kid);
    if (master === undefined) return null;
    const key = derived.get(kid) ?? deriveHmacKey(master, "audit");
    derived.set(kid, key);
    return key;
  };
};

/** Who writes and checks the chain of one vault. */
export class AuditChain {
  readonly #currentKid: string;
  readonly #keyOf: ReturnType<typeof keysFor>;
  constructor(keys: MasterKeys) {
    this.#currentKid = keys.currentKid;
    this.#keyOf = keysFor(keys);
  }

  /** The rows that follow `head`, one from the other. */
  async link(head: ChainHead, deeds: readonly AuditDeed[]): Promise<readonly ChainRow[]> {
    const rows: ChainRow[] = [];
    let { sequence, hash } = head;
    for (const deed of deeds) {
      sequence += 1;
      const row = { ...deed, sequence, kid: this.#currentKid };
      hash = (await this.#hash(row, hash)) ?? "";
      rows.push({ ...row, hash });
    }
    return rows;
  }

  /** Sequence of the first row that does not follow from `head`, a gap included; null: all do. */
  async findBreak(head: ChainHead, rows: readonly ChainRow[]): Promise<number | null> {
    let { sequence, hash } = head;
    for (const row of rows) {
      sequence += 1;
      if (row.sequence !== sequence || row.hash !== (await this.#hash(row, hash))) return sequence;
      hash = row.hash;
    }
    return null;
  }

  /** Null under a master key that nobody has: such a row follows from nothing. */
  async #hash(row: Omit<ChainRow, "hash">, before: string): Promise<string | null> {
    const key = await this.#keyOf(row.kid);
    return key === null ? null : base64url.encode(await hmacOf(key, textOf(row, before)));
  }
}
