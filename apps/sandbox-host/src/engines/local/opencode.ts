import { openCodeArguments, openCodeStartEnvironment, openCodeUser } from "@threadbox/contracts/opencode";
import { type EnsureSandbox, egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import type { SupervisorStart } from "./inside/protocol.ts";
import { inside } from "./profile.ts";

/** OpenCode's command line and what it gets beyond the environment that every program inside has. */
export const openCodeStart = (
  request: Pick<EnsureSandbox, "openCodePassword" | "environment" | "trustsWorkspace">,
): SupervisorStart["openCode"] => ({
  argv: [`${inside.programs}/opencode`, ...openCodeArguments("127.0.0.1")],
  env: { ...openCodeStartEnvironment(request), SHELL: inside.agentShell },
});

export const egressPort = Number(new URL(egressBaseUrl).port);

/** `Authorization` for OpenCode, whose user name is fixed. */
export const openCodeAuthorization = (password: string): string =>
  `Basic ${Buffer.from(`${openCodeUser}:${password}`).toString("base64")}`;
