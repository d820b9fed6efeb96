import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import type { AuditRefusal } from "../platform/audit.ts";
import type { WireFailure } from "./failure.ts";

/** Refusals of nobody in particular that are worth a row: a wrong token, a foreign page, a path with two readings. */
const isSuspicious = (tag: ErrorTag): boolean => [401, 403].includes(errorTable[tag].status) || tag === "PathRejected";

/** What the audit is told of a failure; null where it is no refusal, or an everyday one. */
export const refusalOf = ({ wireTag: tag, subject }: WireFailure, requestId: string): AuditRefusal | null =>
  subject !== undefined || isSuspicious(tag)
    ? { action: "request.refused", tag, subject: subject ?? null, requestId }
    : null;
