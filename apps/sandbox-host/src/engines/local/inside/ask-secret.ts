import type { SecretAnswer } from "./kept-secrets.ts";

const timeoutMs = 5_000;
/** One value of 64 KiB, each of its characters escaped. */
const answerCharsMax = 512 * 1024;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const errorIn = (fields: Readonly<Record<string, unknown>>, status: number): string =>
  typeof fields.error === "string" ? fields.error : `the worker answered ${status}`;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const readAnswer = (name: string, status: number, text: string): SecretAnswer => {
  const body = fieldsOf(text.length > answerCharsMax ? null : parse(text));
  if (status !== 200) return { kind: "refused", status, error: errorIn(body, status) };
  const found = fieldsOf(fieldsOf(body.secrets)[name]);
  if (typeof found.status === "number")
    return { kind: "refused", status: found.status, error: errorIn(found, found.status) };
  const { id, value, version, expiresAt } = found;
  if (
    typeof id !== "string" ||
    typeof value !== "string" ||
    typeof version !== "number" ||
    typeof expiresAt !== "number"
  )
    return { kind: "unreachable", error: `the worker answered ${status}` };
  return { kind: "value", secretId: id, value, version, expiresAt };
};

/** Asks the worker for one secret, as a program of this start. */
export const askSecret = async (
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): Promise<SecretAnswer> => {
  const { INTERNAL_API_SECRET = "", SECRETS_BASE_URL = "http://localhost:8787" } = environment;
  try {
    const response = await fetch(`${SECRETS_BASE_URL}/internal/secrets`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-internal-secret": INTERNAL_API_SECRET },
      body: JSON.stringify({ names: [name] }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return readAnswer(name, response.status, await response.text());
  } catch {
    return { kind: "unreachable", error: "can't reach the worker" };
  }
};
