export { SandboxChip } from "./sandbox-chip.tsx";
export { SandboxNotice } from "./sandbox-notice.tsx";
export { startSentence } from "./sandbox-view.ts";
export { noContact, type SandboxContact, useSandbox } from "./use-sandbox.ts";
