import type { UserId } from "@threadbox/contracts/ids";
import {
  type SecretHolder,
  SecretId,
  type SecretName,
  SecretScope,
  type SecretUsage,
  type SecretView,
} from "@threadbox/contracts/secrets";
import { Schema } from "effect";
import { type SqlRow, type SqlRows, sqlRows } from "../../platform/sql-rows.ts";
import {
  chainRowOf,
  forProgramsOfUsers,
  holderOf,
  isUsersKey,
  type StoredVersion,
  vaultTables,
  versionOf,
} from "./book-rows.ts";
import { type ChainHead, type ChainRow, emptyChain } from "./chain.ts";
import type { SealedValue } from "./envelope.ts";
import { scopeText } from "./scope.ts";
import type { VersionFacts } from "./versions.ts";

/**
 * Who may change a secret: admins, or the user alone whose it is. `nobody`: its user has removed it, and it counts no more; its row
 * stays for what is written of it, and for the next one of its name.
 */
export type SecretKeeper = "admin" | "user" | "nobody";

/** A secret as it is stored, without its versions. */
export interface StoredSecret extends Omit<SecretView, "versions" | "holders" | "probe"> {
  readonly keptBy: SecretKeeper;
  readonly versions: readonly StoredVersion[];
}

/** A version's ciphertext, and all that it is bound to. */
export interface SealedVersion extends Pick<ChainRow, "secretId" | "name" | "scope" | "version"> {
  readonly sealed: SealedValue;
}

/** What is added with a new version. */
export interface NewVersion extends Omit<StoredVersion, "state" | "overlapUntil"> {
  readonly sealed: SealedValue;
}

const decodeScope = Schema.decodeUnknownSync(Schema.fromJsonString(SecretScope));

/** The vault's tables. Holds ciphertext and facts; decides nothing. */
export class VaultBook {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  readonly #ask: SqlRows;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
    this.#ask = sqlRows(storage.sql);
    for (const table of vaultTables) this.#ask(table);
    // A vault of before it was known how a holder had come to its version.
    if (!this.#ask("pragma table_info(holders)").some(({ name }) => name === "reach"))
      this.#ask("alter table holders add column reach text not null default 'used'");
    // One of before users had secrets for programs: their own were their keys alone.
    if (!this.#ask("pragma table_info(secrets)").some(({ name }) => name === "kept_by")) {
      this.#ask("alter table secrets add column kept_by text not null default 'admin'");
      this.#ask(`update secrets set kept_by = 'user' where ${isUsersKey}`);
    }
  }

  /**
   * Makes the change and writes its rows of the chain in one transaction. False, and nothing is done, where the chain
   * does not end at `head` any more; what `change` throws undoes everything.
   */
  commit(head: ChainHead, rows: readonly ChainRow[], change: () => void): boolean {
    return this.#storage.transactionSync(() => {
      if (this.head().hash !== head.hash) return false;
      change();
      for (const row of rows) this.#addToChain(row);
      return true;
    });
  }

  head(): ChainHead {
    const [last] = this.#ask("select sequence, hash from chain order by sequence desc limit 1");
    return last === undefined ? emptyChain : { sequence: Number(last.sequence), hash: String(last.hash) };
  }

  /** So many rows of the chain that follow that one, oldest first. */
  chainAfter(sequence: number, count: number): readonly ChainRow[] {
    return this.#ask("select * from chain where sequence > ? order by sequence limit ?", sequence, count).map(
      chainRowOf,
    );
  }

  /** So many rows of the chain before that one, newest first. */
  chainBefore(sequence: number, count: number): readonly ChainRow[] {
    return this.#ask("select * from chain where sequence < ? order by sequence desc limit ?", sequence, count).map(
      chainRowOf,
    );
  }

  /** How many there are that admins keep. */
  count(): number {
    return Number(this.#ask("select count(*) as n from secrets where kept_by = 'admin'")[0]?.n ?? 0);
  }

  /** How many a user keeps for their programs. */
  countOf(userId: UserId): number {
    const scope = scopeText({ kind: "user", userId });
    const kept = "select count(*) as n from secrets where scope = ? and kept_by = 'user' and usage <> 'internal'";
    return Number(this.#ask(kept, scope)[0]?.n ?? 0);
  }

  /** Every one of which something may be due. A user's own key has neither overlap nor check, and no program has it. */
  list(): readonly StoredSecret[] {
    const rows = this.#ask(`select * from secrets where not (${isUsersKey}) order by name, scope`);
    return rows.map((row) => this.#secretOf(row));
  }

  /** Those that programs in that user's threads have as the user's, by name. */
  listOf(userId: UserId): readonly StoredSecret[] {
    const scope = scopeText({ kind: "user", userId });
    const own = "select * from secrets where scope = ? and usage <> 'internal' and kept_by <> 'nobody' order by name";
    return this.#ask(own, scope).map((row) => this.#secretOf(row));
  }

  /** What users keep themselves, keys of models too, by name; `find`: so much of their names, users or hosts. */
  listKeptByUsers(find: string, count: number): readonly StoredSecret[] {
    const kept =
      "select * from secrets where kept_by = 'user' and instr(lower(name || ' ' || scope || ' ' || hosts), lower(?)) > 0" +
      " order by name, scope limit ?";
    return this.#ask(kept, find, count).map((row) => this.#secretOf(row));
  }

  /** What that user keeps, keys of models too. */
  listKeptBy(userId: UserId): readonly StoredSecret[] {
    const kept = "select * from secrets where scope = ? and kept_by = 'user'";
    return this.#ask(kept, scopeText({ kind: "user", userId })).map((row) => this.#secretOf(row));
  }

  /** Whether programs in any user's threads have a secret of that user's; `name`: one of that name. */
  hasOfUsers(name: SecretName | null): boolean {
    const found = `select 1 from secrets where ${forProgramsOfUsers} and name = coalesce(?, name) limit 1`;
    return this.#ask(found, name).length > 0;
  }

  find(id: string): StoredSecret | null {
    const [row] = this.#ask("select * from secrets where id = ?", id);
    return row === undefined ? null : this.#secretOf(row);
  }

  findNamed(name: string, scope: SecretScope): StoredSecret | null {
    const [row] = this.#ask("select * from secrets where name = ? and scope = ?", name, scopeText(scope));
    return row === undefined ? null : this.#secretOf(row);
  }

  /** Every secret of that scope by its name: who uses it, and where it may be sent. */
  uses(scope: SecretScope): ReadonlyMap<SecretName, Pick<StoredSecret, "usage" | "hosts" | "keptBy">> {
    const counts = "select name, usage, hosts, kept_by from secrets where scope = ? and kept_by <> 'nobody'";
    const rows = this.#ask(counts, scopeText(scope));
    return new Map(
      rows.map((row) => [
        row.name as SecretName,
        {
          usage: row.usage as SecretUsage,
          hosts: JSON.parse(String(row.hosts)) as readonly string[],
          keptBy: row.kept_by as SecretKeeper,
        },
      ]),
    );
  }

  sealed(id: string, version: number): SealedValue | null {
    const [row] = this.#ask("select kid, sealed from versions where secret_id = ? and version = ?", id, version);
    return row === undefined || row.sealed === null ? null : { kid: String(row.kid), text: String(row.sealed) };
  }

  /** So many versions after that one, in the order of ids and versions, that another master key than this one opens. */
  sealedByOthers(
    kid: string,
    after: { readonly secretId: string; readonly version: number },
    count: number,
  ): readonly SealedVersion[] {
    return this.#ask(
      "select secret_id, name, scope, version, kid, sealed from versions join secrets on secrets.id = secret_id" +
        " where kid is not null and kid <> ? and (secret_id, version) > (?, ?) order by secret_id, version limit ?",
      ...[kid, after.secretId, after.version, count],
    ).map((row) => ({
      secretId: SecretId.make(String(row.secret_id)),
      name: row.name as SecretName,
      scope: String(row.scope),
      version: Number(row.version),
      sealed: { kid: String(row.kid), text: String(row.sealed) },
    }));
  }

  /** The same value under another key; one that was destroyed meanwhile stays so. */
  reseal({ secretId, version, sealed }: SealedVersion, again: SealedValue): void {
    this.#ask(
      "update versions set kid = ?, sealed = ? where secret_id = ? and version = ? and kid = ?",
      ...[again.kid, again.text, secretId, version, sealed.kid],
    );
  }

  holders(id: string, seenSince: number, count: number): readonly SecretHolder[] {
    return this.#ask(
      "select * from holders where secret_id = ? and at >= ? order by at desc limit ?",
      ...[id, seenSince, count],
    ).map(holderOf);
  }

  findHolder(id: string, { kind, threadId }: Pick<SecretHolder, "kind" | "threadId">): SecretHolder | null {
    const [row] = this.#ask(
      "select * from holders where secret_id = ? and kind = ? and thread_id = ?",
      ...[id, kind, threadId],
    );
    return row === undefined ? null : holderOf(row);
  }

  /** One that was removed is there again with what is said of it now, and keeps its versions. */
  addSecret({ id, name, scope, usage, hosts, minVersion, createdAt, keptBy }: Omit<StoredSecret, "versions">): void {
    this.#ask(
      "insert into secrets (id, name, scope, scope_json, usage, hosts, min_version, created_at, kept_by)" +
        " values (?,?,?,?,?,?,?,?,?) on conflict (id) do update set usage = excluded.usage, hosts = excluded.hosts," +
        " min_version = excluded.min_version, created_at = excluded.created_at, kept_by = excluded.kept_by",
      ...[id, name, scopeText(scope), JSON.stringify(scope), usage, JSON.stringify(hosts), minVersion, createdAt],
      keptBy,
    );
  }

  /** Its user has removed it. */
  forget(id: string): void {
    this.#ask("update secrets set kept_by = 'nobody' where id = ?", id);
  }

  addVersion(id: string, added: NewVersion, state: "active" | "checking"): void {
    const { version, sealed, fingerprint, createdAt, createdBy, reason, expiresAt } = added;
    this.#ask(
      "insert into versions (secret_id, version, state, kid, sealed, fingerprint, created_at, created_by, reason, expires_at)" +
        " values (?,?,?,?,?,?,?,?,?,?)",
      ...[id, version, state, sealed.kid, sealed.text, fingerprint, createdAt, createdBy, reason, expiresAt],
    );
  }

  setStates(id: string, versions: readonly VersionFacts[]): void {
    for (const { version, state, overlapUntil } of versions)
      this.#ask(
        "update versions set state = ?, overlap_until = ? where secret_id = ? and version = ?",
        ...[state, overlapUntil, id, version],
      );
  }

  setMinVersion(id: string, minVersion: number): void {
    this.#ask("update secrets set min_version = max(min_version, ?) where id = ?", minVersion, id);
  }

  setHosts(id: string, hosts: readonly string[]): void {
    this.#ask("update secrets set hosts = ? where id = ?", JSON.stringify(hosts), id);
  }

  /** Nothing of the value is left; that there was one is. */
  destroy(id: string, version: number): void {
    this.#ask(
      "update versions set state = 'destroyed', kid = null, sealed = null, overlap_until = null where secret_id = ? and version = ?",
      ...[id, version],
    );
  }

  setHolder(id: string, { kind, threadId, generation, version, at, reach }: SecretHolder): void {
    this.#ask(
      "insert or replace into holders (secret_id, kind, thread_id, generation, version, at, reach) values (?,?,?,?,?,?,?)",
      ...[id, kind, threadId, generation, version, at, reach],
    );
  }

  removeHolder(id: string, { kind, threadId }: Pick<SecretHolder, "kind" | "threadId">): void {
    this.#ask("delete from holders where secret_id = ? and kind = ? and thread_id = ?", id, kind, threadId);
  }

  removeHoldersBefore(at: number): void {
    this.#ask("delete from holders where at < ?", at);
  }

  #secretOf(row: SqlRow): StoredSecret {
    const versions = this.#ask("select * from versions where secret_id = ? order by version desc", String(row.id));
    return {
      id: SecretId.make(String(row.id)),
      name: row.name as SecretName,
      scope: decodeScope(row.scope_json),
      usage: row.usage as SecretUsage,
      hosts: JSON.parse(String(row.hosts)) as readonly string[],
      minVersion: Number(row.min_version),
      createdAt: Number(row.created_at),
      keptBy: row.kept_by as SecretKeeper,
      versions: versions.map(versionOf),
    };
  }

  #addToChain(row: ChainRow): void {
    this.#ask(
      "insert into chain (sequence, at, actor, action, secret_id, name, scope, version, reason, request_id, kid, hash)" +
        " values (?,?,?,?,?,?,?,?,?,?,?,?)",
      ...[row.sequence, row.at, row.actor, row.action, row.secretId, row.name, row.scope, row.version],
      ...[row.reason, row.requestId, row.kid, row.hash],
    );
  }
}
