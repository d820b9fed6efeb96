const modelAhead = /^\s*\{\s*"model"\s*:\s*"[^"\\]*"/;
const modelKey = '"model"';

/**
 * The request as the provider gets it: with the operator's model in place of whatever the sandbox named. `text` is the
 * JSON of `body`. A request that names its model first, and once, as OpenCode writes it, is not written anew.
 */
export const withModelName = (text: string, body: Readonly<Record<string, unknown>>, name: string): string => {
  const ahead = modelAhead.exec(text)?.[0];
  // In the text of a message the quotes are escaped, so this finds names of fields only; what escapes hide is parsed.
  const isNamedOnce = text.indexOf(modelKey) === text.lastIndexOf(modelKey) && !text.includes("\\u006");
  if (ahead === undefined || !isNamedOnce) return JSON.stringify({ ...body, model: name });
  return `{${modelKey}:${JSON.stringify(name)}${text.slice(ahead.length)}`;
};
