/** One argument as a POSIX shell reads it back unchanged. */
export const quoteArgument = (argument: string): string => `'${argument.replaceAll("'", "'\\''")}'`;

export interface ShellCommand {
  readonly argv: readonly string[];
  readonly stdin?: string | undefined;
  /** Kills the program, and reports 124, once it has run this long. */
  readonly timeoutMs?: number | undefined;
}

/** Exit code of coreutils' `timeout` for a program that it had to end. */
export const timedOutExitCode = 124;

/** The text for a shell-only exec interface: every part quoted, nothing interpreted. */
export const shellCommand = ({ argv, stdin, timeoutMs }: ShellCommand): string => {
  const limit = timeoutMs === undefined ? [] : ["timeout", "--kill-after=2", `${Math.max(0.001, timeoutMs / 1000)}`];
  const command = [...limit, ...argv].map(quoteArgument).join(" ");
  return stdin === undefined ? command : `printf %s ${quoteArgument(stdin)} | ${command}`;
};
