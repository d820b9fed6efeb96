import * as fs from "node:fs";

/**
 * Where the shell of OpenCode finds what is a start's own and came after OpenCode: in memory, so that nothing of it is left
 * for the next start. The shell has this path written in it.
 */
export const ownVariablesPath = "/dev/shm/threadbox-variables";

/** `NAME=value`, each with a NUL character behind it. */
export const writeOwnVariables = (variables: Readonly<Record<string, string>>, at = ownVariablesPath): void => {
  const text = Object.entries(variables)
    .map(([name, value]) => `${name}=${value.replaceAll("\0", "")}\0`)
    .join("");
  fs.rmSync(at, { force: true });
  fs.writeFileSync(at, text, { mode: 0o600, flag: "wx" });
};
