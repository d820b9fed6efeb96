/** One JSON line per operation on standard output. Never a body, a header map or a token. */
export const logLine = (event: string, fields: Readonly<Record<string, string | number | boolean>>): void => {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...fields }));
};
