import type { SandboxName } from "@threadbox/contracts/ids";
import type { SandboxEnd } from "@threadbox/contracts/sandbox-host";
import { pino } from "pino";
import { EndNotices } from "./end-notices.ts";
import type { EndRecord, EndRecords } from "./end-records.ts";
import { NapNotices } from "./nap-notices.ts";
import type { SendNews } from "./worker-ear.ts";

export const memoryRecords = (): EndRecords & { readonly kept: Map<SandboxName, EndRecord> } => {
  const kept = new Map<SandboxName, EndRecord>();
  return {
    kept,
    readAll: async () => new Map(kept),
    write: async (name, record) => {
      kept.set(name, record);
    },
    remove: async (name) => {
      kept.delete(name);
    },
  };
};

const log = pino({ level: "silent" });

/** Tells nobody. */
export const deafEnds = new EndNotices({ records: memoryRecords(), send: null, log });
export const deafNaps = new NapNotices({ send: null, log });

/** Tells a listener in the test's hands. Pauses take no time; `pauses` has their lengths in milliseconds. */
export const endsListener = (records = memoryRecords()) => {
  const told: SandboxEnd[] = [];
  const pauses: number[] = [];
  const listener: { answer: SendNews<SandboxEnd>; onTold: () => void } = { answer: async () => [], onTold: () => {} };
  const notices = new EndNotices({
    records,
    send: async (ends, signal) => {
      told.push(...ends);
      listener.onTold();
      return listener.answer(ends, signal);
    },
    log,
    wait: async (ms) => {
      pauses.push(ms);
    },
  });
  /** Resolves when so many ends have been told. */
  const heard = (count: number) =>
    new Promise<readonly SandboxEnd[]>((resolve) => {
      const look = () => {
        if (told.length >= count) resolve(told);
      };
      listener.onTold = look;
      look();
    });
  return { notices, records, told, pauses, listener, heard };
};
