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
/** The list of attached files, with what is in them: nothing there is asked. */
const attached = /<attached-files>[\s\S]*?<\/attached-files>/g;
/** A line of that list. */
const attachedLine = /^- ("(?:[^"\\]|\\.)*") \([^()\s]+, (\d+) bytes\): (.*)$/gm;

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

/** A message without the list of its files. */
export const withoutAttached = (text: string): string => text.replace(attached, "");

/**
 * The steps of a message, one per line: `$ <command>`, `write <path>: <text>`, `read <path>`, `program <JavaScript>`. Paths are relative to
 * the workspace. Every other line means nothing to the demo model.
 */
export const demoStepsOf = (text: string): readonly DemoStep[] =>
  withoutAttached(text)
    .replace(reminder, "")
    .split(/\r?\n/)
    .map(stepOfLine)
    .filter((step) => step !== null);

/** A file that the user attached, by its path. */
export interface DemoFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isMissing: boolean;
}

/** The files that go with a message, as the list of them says; what a file holds is no list. */
export const demoFilesOf = (text: string): readonly DemoFile[] =>
  (text.match(attached) ?? []).flatMap((list) => {
    const [head = ""] = list.split("\n<file ", 1);
    return [...head.matchAll(attachedLine)].map(([, path = '""', size = "0", hint = ""]) => ({
      path: String(JSON.parse(path)),
      sizeBytes: Number(size),
      isMissing: hint.includes("isn’t there"),
    }));
  });
