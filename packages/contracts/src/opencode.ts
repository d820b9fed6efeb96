/** How OpenCode runs inside every sandbox, whoever starts it: the jail, a Cloudflare container, a benchmark. */

/** The port on which OpenCode listens inside every sandbox. */
export const openCodePort = 4096;

/** Where the workspace is mounted inside every sandbox. */
export const workspacePath = "/workspace";

/** The shell that runs the agent's commands, as `SHELL` of OpenCode: a program of ours that every sandbox holds here. */
export const agentShell = "/opt/threadbox/supervisor/shell/bash";

/** Arguments after the program's name; `hostname` is the address inside the sandbox that whoever forwards the port can reach. */
export const openCodeArguments = (hostname: string, port: number = openCodePort): readonly string[] => [
  "serve",
  "--hostname",
  hostname,
  "--port",
  String(port),
];

/** The line on standard output with which OpenCode says that it serves contains this. */
export const openCodeReadyLine = "server listening";

/** OpenCode asks nobody but the model, shares nothing, and takes no configuration from a repository that isn't trusted. */
export const openCodeFlags = {
  OPENCODE_DISABLE_PROJECT_CONFIG: "1",
  OPENCODE_DISABLE_EXTERNAL_SKILLS: "1",
  OPENCODE_DISABLE_CLAUDE_CODE: "1",
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_SHARE: "1",
} as const;

/** The variable that holds the JSON of OpenCode's configuration. */
export const openCodeConfigVariable = "OPENCODE_CONFIG_CONTENT";

/** What is different where the user trusts what lies in the workspace: its configuration, plugins, skills and instructions count. */
const trustedFlags = {
  OPENCODE_DISABLE_PROJECT_CONFIG: "0",
  OPENCODE_DISABLE_EXTERNAL_SKILLS: "0",
  OPENCODE_DISABLE_CLAUDE_CODE: "0",
} as const satisfies Partial<Record<keyof typeof openCodeFlags, string>>;

/** Environment of one start: what was planned for it, and its password. */
export const openCodeStartEnvironment = (start: {
  readonly openCodePassword: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly trustsWorkspace?: boolean;
}): Record<string, string> => ({
  ...start.environment,
  ...(start.trustsWorkspace === true ? trustedFlags : {}),
  OPENCODE_SERVER_PASSWORD: start.openCodePassword,
});

/** User name of OpenCode's Basic authorization; the password is the start's. */
export const openCodeUser = "opencode";

/** Paths of OpenCode's HTTP API that are asked by more than one process. */
export const openCodePaths = {
  health: "/global/health",
  /** The first request to a directory boots OpenCode's instance for it, which costs about half a second. */
  warmUp: `/path?directory=${encodeURIComponent(workspacePath)}`,
  /** Ends that instance; the next request boots it anew. */
  forget: `/instance/dispose?directory=${encodeURIComponent(workspacePath)}`,
} as const;
