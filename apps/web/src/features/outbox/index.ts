export { getDrafts, getOutbox, useOutgoing, usePendingThreads } from "./device-store.ts";
export { filesOf, newThreadDraft, withReturned } from "./drafts.ts";
export { type KeyValue, openKeyValue } from "./key-value.ts";
export type { Attached, OutgoingMessage } from "./outgoing.ts";
