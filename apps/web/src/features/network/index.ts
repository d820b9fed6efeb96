export { NetworkDialog } from "./network-dialog.tsx";
export { readSecretHosts } from "./secret-hosts.ts";
export { hostProblemTexts, networkTexts } from "./texts.ts";
export { readTypedHost } from "./typed-host.ts";
export { type UseThreadNetwork, useThreadNetwork } from "./use-thread-network.ts";
