import type { SecretExposure } from "@threadbox/contracts/secrets";
import { cellOf } from "./audit-export.ts";
import { secretTexts } from "./texts.ts";

/** Where a version has gone, for people: the thread's part is said beside it. */
export const wayText = ({ kind, host }: SecretExposure): string => {
  if (host === null) return secretTexts.sandbox;
  return `${secretTexts[kind]} → ${host}`;
};

const columns = ["version", "kind", "threadId", "host", "firstAt", "lastAt"] as const;

const readable = (exposure: SecretExposure) => ({
  ...exposure,
  host: exposure.host ?? "",
  firstAt: new Date(exposure.firstAt).toISOString(),
  lastAt: new Date(exposure.lastAt).toISOString(),
});

/** As RFC 4180 writes a table, times in ISO 8601. No cell of it is a formula. */
export const exposuresCsv = (exposures: readonly SecretExposure[]): string =>
  [columns.join(), ...exposures.map(readable).map((row) => columns.map((column) => cellOf(`${row[column]}`)).join())]
    .map((line) => `${line}\r\n`)
    .join("");
