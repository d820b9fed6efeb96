import type { ThreadId } from "@threadbox/contracts/ids";

/** So many objects share the audit's rows: one alone would be the place where everybody meets. */
export const auditOutboxCount = 8;

const numberOf = (text: string): number => {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) % 65_521;
  return sum;
};

export const auditOutboxRefs = (env: Pick<Env, "AUDIT_OUTBOX">) =>
  Array.from({ length: auditOutboxCount }, (_, shard) => env.AUDIT_OUTBOX.getByName(`audit-${shard}`));

/** Where rows in that user's name are kept; those of nobody have one place too. */
export const auditOutboxRef = (env: Pick<Env, "AUDIT_OUTBOX">, userId: string) =>
  env.AUDIT_OUTBOX.getByName(`audit-${numberOf(userId) % auditOutboxCount}`);

/** Where everything that is measured comes together. */
export const metricsBookRef = (env: Pick<Env, "METRICS_BOOK">) => env.METRICS_BOOK.getByName("metrics");

/** Where entries of that thread's journal wait for Convex. */
export const journalOutboxRef = (env: Pick<Env, "JOURNAL_OUTBOX">, threadId: ThreadId) =>
  env.JOURNAL_OUTBOX.getByName(threadId);
