import { codemodeTool } from "@threadbox/contracts/codemode-tool";
import { workspacePath } from "@threadbox/contracts/opencode";

/** One thing the user's message asks for, as a call of one of OpenCode's tools. */
export interface DemoStep {
  readonly tool: "bash" | "write" | "read" | typeof codemodeTool;
  readonly input: Readonly<Record<string, string>>;
  /** How the closing text names it. */
  readonly label: string;
}

const absolute = (path: string): string => (path.startsWith("/") ? path : `${workspacePath}/${path}`);

/** Text that OpenCode puts around or into the user's message. */
const reminder = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

const stepOfLine = (line: string): DemoStep | null => {
  const command = /^\$ (.*\S)\s*$/.exec(line)?.[1];
  if (command !== undefined) return { tool: "bash", input: { command }, label: command };
  const program = /^program (.*\S)\s*$/.exec(line)?.[1];
  if (program !== undefined) return { tool: codemodeTool, input: { code: program }, label: "a program" };
  const write = /^write (\S+?): ?(.*)$/.exec(line);
  if (write !== null) {
    const [, path = "", content = ""] = write;
    return { tool: "write", input: { filePath: absolute(path), content }, label: path };
  }
  const read = /^read (\S+)\s*$/.exec(line)?.[1];
  return read === undefined ? null : { tool: "read", input: { filePath: absolute(read) }, label: read };
};

/**
 * The steps of a message, one per line: `$ <command>`, `write <path>: <text>`, `read <path>`, `program <JavaScript>`. Paths are relative to
 * the workspace. Every other line means nothing to the demo model.
 */
export const demoStepsOf = (text: string): readonly DemoStep[] =>
  text
    .replace(reminder, "")
    .split(/\r?\n/)
    .map(stepOfLine)
    .filter((step) => step !== null);
