import type { SecretAuditRow } from "@threadbox/contracts/secrets";

const columns = [
  "sequence",
  "at",
  "actor",
  "action",
  "secretId",
  "name",
  "scope",
  "version",
  "reason",
  "requestId",
] as const satisfies readonly (keyof SecretAuditRow)[];

/** A spreadsheet takes a cell that begins like this for a formula; an apostrophe before it makes it a text again. */
const formulaStart = /^[=+\-@\t\r]/;

export const cellOf = (value: string): string => {
  const text = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const readable = (row: SecretAuditRow) => ({ ...row, at: new Date(row.at).toISOString() });

/** The rows as RFC 4180 writes a table, times in ISO 8601. No cell of it is a formula. */
export const auditCsv = (rows: readonly SecretAuditRow[]): string =>
  [columns.join(), ...rows.map(readable).map((row) => columns.map((column) => cellOf(`${row[column]}`)).join())]
    .map((line) => `${line}\r\n`)
    .join("");

/** The same rows as JSON, and whether the chain that they are of was whole. */
export const auditJson = (rows: readonly SecretAuditRow[], brokenAt: number | null): string =>
  JSON.stringify({ isWhole: brokenAt === null, brokenAt, rows: rows.map(readable) }, null, 2);
