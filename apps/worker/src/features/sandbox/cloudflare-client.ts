import type { Sandbox } from "@cloudflare/sandbox";

/** The part of `@cloudflare/sandbox` that the provider uses; the test double implements the same part. */
export type CloudflareSandboxClient = Pick<
  Sandbox,
  | "getState"
  | "destroy"
  | "startProcess"
  | "listProcesses"
  | "exec"
  | "readFile"
  | "writeFile"
  | "deleteFile"
  | "listFiles"
  | "moveFile"
  | "mkdir"
  | "exists"
  | "containerFetch"
  | "wsConnect"
  | "setAllowedHosts"
  | "setOutboundHandler"
  | "createBackup"
  | "restoreBackup"
>;
