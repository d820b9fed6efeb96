import { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { Context, Schema } from "effect";
import type { OutboxRows } from "../../platform/outbox.ts";
import { durableOutboxRows } from "../../platform/outbox-rows.ts";
import { Origin } from "./origin.ts";
import { SandboxRecord } from "./record.ts";

/** Where the lifecycle keeps its record, what Convex is owed of it, and its next look. Synchronous, as a Durable Object's SQLite storage is. */
export interface SandboxStoreShape {
  readonly outboxRows: OutboxRows;
  read(): SandboxRecord | null;
  write(record: SandboxRecord): void;
  /** Null: its files begin with nothing. */
  readOrigin(): Origin | null;
  writeOrigin(origin: Origin | null): void;
  /** Where the sandbox runs; null: not decided, or of before that was noted. */
  readProvider(): SandboxProviderId | null;
  writeProvider(provider: SandboxProviderId): void;
  /** Replaces the time of the next look; null: none. */
  scheduleUpkeep(at: number | null): void;
}

export class SandboxStore extends Context.Service<SandboxStore, SandboxStoreShape>()(
  "threadbox/worker/sandbox/SandboxStore",
) {}

const recordKey = "sandbox";
const originKey = "origin";
const providerKey = "provider";
const decodeProvider = Schema.decodeUnknownSync(SandboxProviderId);
const decodeOrigin = Schema.decodeUnknownSync(Origin);
const decodeRecord = Schema.decodeUnknownSync(SandboxRecord);

export const durableSandboxStore = (storage: DurableObjectStorage): SandboxStoreShape => ({
  outboxRows: durableOutboxRows(storage),
  read: () => {
    const stored: unknown = storage.kv.get(recordKey);
    return stored === undefined ? null : decodeRecord(stored);
  },
  write: (record) => storage.kv.put(recordKey, record),
  readOrigin: () => {
    const stored: unknown = storage.kv.get(originKey);
    return stored === undefined ? null : decodeOrigin(stored);
  },
  writeOrigin: (origin) => void (origin === null ? storage.kv.delete(originKey) : storage.kv.put(originKey, origin)),
  readProvider: () => {
    const stored: unknown = storage.kv.get(providerKey);
    return stored === undefined ? null : decodeProvider(stored);
  },
  writeProvider: (provider) => storage.kv.put(providerKey, provider),
  // Both settle with the object's output gate: nothing leaves the object before they are durable.
  scheduleUpkeep: (at) => void (at === null ? storage.deleteAlarm() : storage.setAlarm(at)),
});
