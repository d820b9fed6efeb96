import { openCodePort, workspacePath } from "@threadbox/contracts/sandbox";
import { type EnsureSandbox, egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import type { SupervisorStart } from "./inside/protocol.ts";
import { inside } from "./profile.ts";

/** OpenCode's command line and what it gets beyond the environment that every program inside has. */
export const openCodeStart = (request: EnsureSandbox): SupervisorStart["openCode"] => ({
  argv: [`${inside.programs}/opencode`, "serve", "--hostname", "127.0.0.1", "--port", String(openCodePort)],
  env: {
    OPENCODE_SERVER_PASSWORD: request.openCodePassword,
    OPENCODE_CONFIG_CONTENT: request.openCodeConfig,
  },
});

export const egressPort = Number(new URL(egressBaseUrl).port);

/** `Authorization` for OpenCode, whose user name is fixed. */
export const openCodeAuthorization = (password: string): string =>
  `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;

export const healthPath = "/global/health";

/** The first request to a directory boots OpenCode's instance for it, which costs about half a second. */
export const warmUpPath = `/path?directory=${encodeURIComponent(workspacePath)}`;
