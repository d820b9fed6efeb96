export { SandboxChip } from "./sandbox-chip.tsx";
export { SandboxNotice } from "./sandbox-notice.tsx";
export { isUp, type SandboxState, startSentence } from "./sandbox-view.ts";
export { noContact, type SandboxContact, useSandbox } from "./use-sandbox.ts";
