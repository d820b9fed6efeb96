import { programRunLimits } from "@threadbox/contracts/program-run-limits";
import type { Receipt, ReceiptText } from "@threadbox/contracts/program-runs";

/** What this page read of a receipt: only what it shows. */
export type KnownReceipt = Pick<ReceiptText, "sequence" | "at" | "durationMs" | "end" | "before" | "program"> & {
  readonly decision: ReceiptText["decision"];
  readonly calls: number;
  readonly files: number;
  readonly requests: number;
};

/** The hash of each receipt as another store has it, by its place in the chain. */
export type Anchors = ReadonlyMap<number, string>;

export type Verdict =
  /** `anchored`: so many of them are the ones that another store knows of. */
  | { readonly kind: "whole"; readonly count: number; readonly anchored: number }
  /**
   * `broken`: this receipt does not follow from the one before, or is not what its hash says. `rewritten`: another store knows it
   * by another hash. `missing`: another store knows of it, and it is not here.
   */
  | { readonly kind: "broken" | "rewritten" | "missing"; readonly sequence: number };

const hashOf = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Null: it is no receipt of ours. */
export const readReceipt = ({ text }: Receipt): KnownReceipt | null => {
  try {
    const said = JSON.parse(text) as Partial<ReceiptText>;
    const { sequence, at, durationMs = 0, end, before, program = "", decision, calls, files, requests } = said;
    if (typeof sequence !== "number" || typeof at !== "number" || typeof before !== "string") return null;
    return {
      ...{ sequence, at, durationMs, before, program, decision },
      end: end === "returned" ? "returned" : "failed",
      ...{ calls: lengthOf(calls), files: lengthOf(files), requests: lengthOf(requests) },
    };
  } catch {
    return null;
  }
};

/** Of what another store knows: the first receipt that is another one, or none at all. */
const compare = (hashes: Anchors, anchors: Anchors): Verdict => {
  const known = [...anchors].sort(([one], [other]) => one - other);
  const newest = Math.max(0, ...hashes.keys(), ...anchors.keys());
  let anchored = 0;
  for (const [sequence, hash] of known.filter(([each]) => each > newest - programRunLimits.receiptsMax)) {
    const here = hashes.get(sequence);
    if (here !== hash) return { kind: here === undefined ? "missing" : "rewritten", sequence };
    anchored += 1;
  }
  return { kind: "whole", count: hashes.size, anchored };
};

/**
 * Works the chain out anew on this device, and compares it with what another store knows of it. The oldest receipt that is kept
 * may follow from one that is not.
 */
export const verifyReceipts = async (receipts: readonly Receipt[], anchors: Anchors = new Map()): Promise<Verdict> => {
  const hashes = new Map<number, string>();
  let last: { readonly sequence: number; readonly hash: string } | null = null;
  for (const receipt of receipts) {
    const known = readReceipt(receipt);
    const sequence: number = known?.sequence ?? (last?.sequence ?? 0) + 1;
    const follows: boolean = last === null || (known?.before === last.hash && sequence === last.sequence + 1);
    if (known === null || !follows || (await hashOf(receipt.text)) !== receipt.hash)
      return { kind: "broken", sequence };
    last = { sequence, hash: receipt.hash };
    hashes.set(sequence, receipt.hash);
  }
  return compare(hashes, anchors);
};
