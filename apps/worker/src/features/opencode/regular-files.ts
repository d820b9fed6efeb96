import type { StartFile } from "@threadbox/contracts/sandbox-host";

/**
 * OpenCode's tools for files wait on a pipe and read a device for ever. What is neither a file nor a folder is refused before
 * they open it, and the model is told so and goes on.
 */
const program = `import { statSync } from "node:fs";
import { resolve } from "node:path";

const tools = new Set(["read", "write", "edit", "patch", "multiedit", "grep", "glob", "list"]);

export const RegularFiles = async ({ directory }) => ({
  "tool.execute.before": async ({ tool }, { args }) => {
    const path = args?.filePath ?? args?.path;
    if (!tools.has(tool) || typeof path !== "string") return;
    let found;
    try {
      found = statSync(resolve(directory, path));
    } catch {
      return;
    }
    if (!found.isFile() && !found.isDirectory()) throw new Error(path + " is not a regular file.");
  },
});
`;

/** Below the home, where OpenCode looks for plugins of its user. */
export const regularFilesPlugin: StartFile = { path: ".config/opencode/plugin/regular-files.js", content: program };
