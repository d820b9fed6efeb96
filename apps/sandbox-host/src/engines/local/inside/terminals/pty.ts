import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A program on a terminal of its own. */
export interface Pty {
  /** What it prints; as long as nobody asks for the next piece it is held. */
  readonly output: AsyncIterable<Buffer>;
  /** How it ended; null where nobody can say. */
  readonly exitCode: Promise<number | null>;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** Ends the program, and what runs in the foreground. */
  end(): void;
}

/** The size before anybody has looked at it. */
const [columnsAtFirst, rowsAtFirst] = [80, 24];
/** Typed text that waits for a program to read it. As with any terminal, what is more than that is lost. */
const typedBytesMax = 1024 * 1024;

const helper = fileURLToPath(new URL("./pty", import.meta.url));

export interface PtyOptions {
  readonly program: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The kernel's calls for terminals are out of Node's reach: a program of ours makes them. */
export const openPty = ({ program, folder, environment }: PtyOptions): Pty => {
  const argv = [String(columnsAtFirst), String(rowsAtFirst), ...program];
  const child = spawn(helper, argv, { cwd: folder, env: environment, stdio: ["pipe", "pipe", "ignore", "pipe"] });
  const { stdin, stdout } = child;
  const sizes = child.stdio[3];
  if (stdin === null || stdout === null || !(sizes !== null && sizes !== undefined && "write" in sizes))
    throw new Error("The terminal has no pipes.");
  // Whoever reads them may be gone already; the exit code tells.
  for (const pipe of [stdin, sizes]) pipe.on("error", () => {});
  return {
    output: stdout,
    exitCode: new Promise((resolve) => {
      child.once("error", () => resolve(null));
      child.once("close", resolve);
    }),
    type: (text) => {
      if (stdin.writableLength < typedBytesMax) stdin.write(text);
    },
    resize: (columns, rows) => void sizes.write(`${columns} ${rows}\n`),
    end: () => void child.kill("SIGKILL"),
  };
};
