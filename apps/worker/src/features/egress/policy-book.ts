import { CommonPolicy, type ThreadPolicy, type ThreadReach } from "@threadbox/contracts/egress-policy";
import { hostRuleLimits } from "@threadbox/contracts/host-rules";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Schema } from "effect";
import { firstPolicy, plainThread } from "./policy.ts";

const tables = [
  "create table if not exists common (id integer primary key check (id = 1), policy text not null)",
  "create table if not exists threads (thread_id text primary key, reach text not null)",
  `create table if not exists thread_hosts (
    sequence integer primary key autoincrement, thread_id text not null, rule text not null, unique (thread_id, rule))`,
];

const decodeCommon = Schema.decodeUnknownSync(Schema.fromJsonString(CommonPolicy));

/** The policies of the installation, in a Durable Object's SQLite. */
export class PolicyBook {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const table of tables) sql.exec(table);
  }

  common(): CommonPolicy {
    const [row] = this.#sql.exec<{ policy: string }>("select policy from common").toArray();
    return row === undefined ? firstPolicy : decodeCommon(row.policy);
  }

  /** False: it is not the successor of what holds. */
  setCommon(wish: CommonPolicy): boolean {
    if (wish.revision !== this.common().revision) return false;
    const policy = JSON.stringify({ ...wish, revision: wish.revision + 1 });
    this.#sql.exec("insert into common values (1, ?) on conflict (id) do update set policy = excluded.policy", policy);
    return true;
  }

  thread(threadId: ThreadId): ThreadPolicy {
    const [row] = this.#sql
      .exec<{ reach: string }>("select reach from threads where thread_id = ?", threadId)
      .toArray();
    const hosts = this.#sql
      .exec<{ rule: string }>("select rule from thread_hosts where thread_id = ? order by sequence desc", threadId)
      .toArray();
    return { reach: row?.reach === "own" ? "own" : plainThread.reach, hosts: hosts.map(({ rule }) => rule) };
  }

  /** False: the thread has as many as it may. */
  allow(threadId: ThreadId, rule: string): boolean {
    const { hosts } = this.thread(threadId);
    if (hosts.includes(rule)) return true;
    if (hosts.length >= hostRuleLimits.threadMax) return false;
    this.#sql.exec("insert into thread_hosts (thread_id, rule) values (?, ?)", threadId, rule);
    return true;
  }

  remove(threadId: ThreadId, rule: string): void {
    this.#sql.exec("delete from thread_hosts where thread_id = ? and rule = ?", threadId, rule);
  }

  setReach(threadId: ThreadId, reach: ThreadReach): void {
    this.#sql.exec(
      "insert into threads values (?, ?) on conflict (thread_id) do update set reach = excluded.reach",
      threadId,
      reach,
    );
  }
}
