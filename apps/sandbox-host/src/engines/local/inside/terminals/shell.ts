import * as fs from "node:fs";
import type { TerminalsStart } from "./protocol.ts";

/** A person's shell is bash itself, not the agent's. */
export const shell = ["/bin/bash", "-l"] as const;

const read = (path: string): readonly string[] => {
  try {
    return fs.readFileSync(path, "utf8").split("\0").filter(Boolean);
  } catch {
    return [];
  }
};

/** What OpenCode was started with: what was planned for this start, which is not told to every program beside it. */
const findOpenCode = (port: number): readonly string[] => {
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const argv = read(`/proc/${pid}/cmdline`);
    if (!argv.includes("serve") || !argv.includes(`${port}`)) continue;
    const environment = read(`/proc/${pid}/environ`);
    if (environment.length > 0) return environment;
  }
  return read("/proc/self/environ");
};

/**
 * The environment of a person's shell. What opens OpenCode's server or pays for its model is of no use to a person, and would
 * stand on their screen.
 */
export const shellEnvironment = ({
  openCodePort,
  hiddenVariables,
}: Pick<TerminalsStart, "openCodePort" | "hiddenVariables">): NodeJS.ProcessEnv => {
  const given = findOpenCode(openCodePort).map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const environment: NodeJS.ProcessEnv = {
    ...Object.fromEntries(given),
    SHELL: shell[0],
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
  };
  for (const name of hiddenVariables) delete environment[name];
  return environment;
};
