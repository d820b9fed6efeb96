/** One JSON line per operation on standard output. Never a body, a header map or a token. */
export const logLine = (event: string, fields: Readonly<Record<string, string | number | boolean>>): void => {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...fields }));
};

/** An error in one line: what it is called and what it says, without the places in the code. */
export const errorLine = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}`.replace(/\s+/g, " ").slice(0, 500) : "unknown";
