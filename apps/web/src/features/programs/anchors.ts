import type { JournalRow } from "@threadbox/contracts/journal";
import type { Anchors } from "./verify-receipts.ts";

const receiptOf = (detail: string): readonly (readonly [sequence: number, hash: string])[] => {
  try {
    const { sequence, hash } = Object(Object(JSON.parse(detail)).receipt);
    return typeof sequence === "number" && typeof hash === "string" ? [[sequence, hash]] : [];
  } catch {
    return [];
  }
};

/** What Activity's entries of programs say of their receipts. */
export const anchorsOf = (rows: readonly Pick<JournalRow, "detail">[]): Anchors =>
  new Map(rows.flatMap(({ detail }) => receiptOf(detail)));
