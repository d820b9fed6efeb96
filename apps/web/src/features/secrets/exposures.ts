import type { SecretExposure, SecretExposureUse } from "@threadbox/contracts/secrets";
import { cellOf } from "./audit-export.ts";
import { shortId } from "./standing.ts";
import { blastRadiusTexts, secretTexts } from "./texts.ts";

/** Where a version has gone, for people: the thread's part is said beside it. */
export const wayText = ({ kind, host }: SecretExposure): string => {
  if (host === null) return secretTexts.sandbox;
  return `${secretTexts[kind]} → ${host}`;
};

/** What of a thread it was, for people. */
export const doingText = ({ messageId, tool, callId }: SecretExposureUse): string =>
  callId === null
    ? blastRadiusTexts.message(shortId(messageId))
    : blastRadiusTexts.call(tool ?? "", shortId(callId), shortId(messageId));

const columns = ["version", "kind", "threadId", "host", "messageId", "tool", "callId", "firstAt", "lastAt"] as const;

/** A row for each message and tool call, or the way itself where nothing is known of them. */
const rowsOf = ({ uses, host, ...way }: SecretExposure) => {
  const nothing = { messageId: "", tool: null, callId: null, firstAt: way.firstAt, lastAt: way.lastAt };
  return (uses.length === 0 ? [nothing] : uses).map((use) => ({
    ...way,
    ...use,
    host: host ?? "",
    tool: use.tool ?? "",
    callId: use.callId ?? "",
    firstAt: new Date(use.firstAt).toISOString(),
    lastAt: new Date(use.lastAt).toISOString(),
  }));
};

/** As RFC 4180 writes a table, times in ISO 8601. No cell of it is a formula. */
export const exposuresCsv = (exposures: readonly SecretExposure[]): string =>
  [columns.join(), ...exposures.flatMap(rowsOf).map((row) => columns.map((column) => cellOf(`${row[column]}`)).join())]
    .map((line) => `${line}\r\n`)
    .join("");
