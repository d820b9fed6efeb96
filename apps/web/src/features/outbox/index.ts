export { getDrafts, getOutbox, useOutgoing, usePendingThreads } from "./device-store.ts";
export { newThreadDraft, withReturned } from "./drafts.ts";
export type { OutgoingMessage } from "./outgoing.ts";
