import type { Receipt, ReceiptText } from "@threadbox/contracts/program-runs";

/** What this page read of a receipt: only what it shows. */
export type KnownReceipt = Pick<ReceiptText, "sequence" | "at" | "durationMs" | "end" | "before" | "program"> & {
  readonly decision: ReceiptText["decision"];
  readonly calls: number;
  readonly files: number;
  readonly requests: number;
};

export type Verdict =
  | { readonly kind: "whole"; readonly count: number }
  /** `sequence`: the first receipt that does not follow from the one before, or is not what its hash says. */
  | { readonly kind: "broken"; readonly sequence: number };

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

/** Works the chain out anew on this device; the oldest receipt that is kept may follow from one that is not. */
export const verifyReceipts = async (receipts: readonly Receipt[]): Promise<Verdict> => {
  let last: { readonly sequence: number; readonly hash: string } | null = null;
  for (const receipt of receipts) {
    const known = readReceipt(receipt);
    const sequence: number = known?.sequence ?? (last?.sequence ?? 0) + 1;
    const follows: boolean = last === null || (known?.before === last.hash && sequence === last.sequence + 1);
    if (known === null || !follows || (await hashOf(receipt.text)) !== receipt.hash)
      return { kind: "broken", sequence };
    last = { sequence, hash: receipt.hash };
  }
  return { kind: "whole", count: receipts.length };
};
