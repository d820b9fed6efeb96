import { Result } from "effect";
import { Base64Url } from "effect/encoding";

/** A JWT in compact form as it reads in every parser, before its signature is checked. */
export interface CompactToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What a header may say: no `crit`, no `b64`, and no key or address of a key of the token's own. */
const headerFields: ReadonlySet<string> = new Set(["alg", "typ", "kid"]);
const tokenPattern = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$/;
const jsonTokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+|\s+/g;

/** The text behind a segment; null where other segments decode to the same bytes, or the bytes are no plain UTF-8. */
const textOf = (segment: string): string | null =>
  Result.match(Base64Url.decodeString(segment), {
    onFailure: () => null,
    onSuccess: (text) => (Base64Url.encode(text) === segment ? text : null),
  });

/** Whether valid JSON has one reading only: every key once, numbers as they are kept, no white space. */
const hasOneReading = (json: string): boolean => {
  const scopes: (Set<string> | null)[] = [];
  const tokens = json.match(jsonTokens) ?? [];
  return tokens.every((token, at) => {
    if (token === "{") scopes.push(new Set());
    else if (token === "[") scopes.push(null);
    else if (token === "}" || token === "]") scopes.pop();
    else if (/^\s/.test(token)) return false;
    else if (/^[-\d]/.test(token)) return String(Number(token)) === token;
    else if (token.startsWith('"') && tokens[at + 1] === ":") {
      const key = String(JSON.parse(token));
      const keys = scopes.at(-1);
      if (keys === undefined || keys === null || keys.has(key)) return false;
      keys.add(key);
    }
    return true;
  });
};

const readObject = (segment: string): Readonly<Record<string, unknown>> | null => {
  const json = textOf(segment);
  if (json === null) return null;
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && hasOneReading(json) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

/**
 * Reads a token, and answers null for one that two readers could take for two things: parts that are not canonical
 * base64url, JSON with a key twice, white space or a number that changes when it is kept, and header fields beyond
 * `alg`, `typ` and `kid`. Proves nothing: the signature is still to be checked. Whoever calls bounds the length.
 */
export const readCompactToken = (token: string): CompactToken | null => {
  const parts = tokenPattern.exec(token);
  const signature = parts?.[3] ?? "";
  const isCanonical = Result.match(Base64Url.decode(signature), {
    onFailure: () => false,
    onSuccess: (bytes) => Base64Url.encode(bytes) === signature,
  });
  if (parts === null || !isCanonical) return null;
  const header = readObject(parts[1] ?? "");
  const payload = readObject(parts[2] ?? "");
  if (header === null || payload === null) return null;
  return Object.keys(header).every((field) => headerFields.has(field)) ? { header, payload } : null;
};
