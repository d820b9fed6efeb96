import { type SecretHolder, SecretId, type SecretName, type SecretVersionView } from "@threadbox/contracts/secrets";
import type { SqlRow } from "../../platform/sql-rows.ts";
import type { ChainRow } from "./chain.ts";
import { userScopePrefix } from "./scope.ts";

const isOfUser = `scope glob '${userScopePrefix}*'`;
/** What programs in a user's threads have as that user's. */
export const forProgramsOfUsers = `${isOfUser} and usage <> 'internal'`;
/** A user's own key of a model provider. */
export const isUsersKey = `${isOfUser} and usage = 'internal'`;

/** The vault's tables, as they are made at its first start. */
export const vaultTables = [
  `create table if not exists secrets (
    id text primary key, name text not null, scope text not null, scope_json text not null, usage text not null,
    hosts text not null, min_version integer not null, created_at integer not null, unique (name, scope))`,
  `create table if not exists versions (
    secret_id text not null, version integer not null, state text not null, kid text, sealed text,
    fingerprint text not null, created_at integer not null, created_by text not null, reason text not null,
    overlap_until integer, expires_at integer, primary key (secret_id, version))`,
  `create table if not exists holders (
    secret_id text not null, kind text not null, thread_id text not null, generation integer not null,
    version integer not null, at integer not null, reach text not null default 'used',
    primary key (secret_id, kind, thread_id))`,
  `create table if not exists chain (
    sequence integer primary key, at integer not null, actor text not null, action text not null,
    secret_id text not null, name text not null, scope text not null, version integer not null,
    reason text not null, request_id text not null, kid text not null, hash text not null)`,
  "create index if not exists secrets_of_scope on secrets (scope)",
  `create index if not exists programs_of_users on secrets (name) where ${forProgramsOfUsers}`,
];

/** A version as it is stored. */
export type StoredVersion = Omit<SecretVersionView, "endsWhenAcknowledged" | "checked" | "openUses" | "ended">;

const numberOrNull = (value: SqlStorageValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

export const versionOf = (row: SqlRow): StoredVersion => ({
  version: Number(row.version),
  state: row.state as SecretVersionView["state"],
  createdAt: Number(row.created_at),
  createdBy: row.created_by as SecretVersionView["createdBy"],
  reason: String(row.reason),
  overlapUntil: numberOrNull(row.overlap_until),
  expiresAt: numberOrNull(row.expires_at),
  fingerprint: String(row.fingerprint),
});

export const holderOf = (row: SqlRow): SecretHolder => ({
  kind: row.kind as SecretHolder["kind"],
  threadId: row.thread_id as SecretHolder["threadId"],
  generation: Number(row.generation) as SecretHolder["generation"],
  version: Number(row.version),
  at: Number(row.at),
  reach: row.reach as SecretHolder["reach"],
});

export const chainRowOf = (row: SqlRow): ChainRow => ({
  sequence: Number(row.sequence),
  at: Number(row.at),
  actor: String(row.actor),
  action: row.action as ChainRow["action"],
  secretId: SecretId.make(String(row.secret_id)),
  name: row.name as SecretName,
  scope: String(row.scope),
  version: Number(row.version),
  reason: String(row.reason),
  requestId: String(row.request_id),
  kid: String(row.kid),
  hash: String(row.hash),
});
