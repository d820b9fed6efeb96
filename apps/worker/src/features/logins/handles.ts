import { ThreadId } from "@threadbox/contracts/ids";
import { LoginFlowId, LoginId } from "@threadbox/contracts/logins";
import { Option, type Redacted, Schema } from "effect";
import { jwtVerify, SignJWT } from "jose";
import { deriveHandleKey } from "./handle-key.ts";

/**
 * What a sandbox holds in place of a credential, shaped like the token it stands for so that OpenCode can read it. It names
 * the logins' object and not the user; outside our egress it is worth nothing.
 */
const Handle = Schema.Union([
  Schema.Struct({
    kind: Schema.Literals(["device", "grant"]),
    object: Schema.String,
    thread: ThreadId,
    flow: LoginFlowId,
  }),
  Schema.Struct({
    kind: Schema.Literals(["access", "refresh"]),
    object: Schema.String,
    thread: ThreadId,
    login: LoginId,
    binding: Schema.String,
  }),
]);
export type Handle = typeof Handle.Type;
export type FlowHandle = Extract<Handle, { flow: LoginFlowId }>;
export type LoginHandle = Extract<Handle, { login: LoginId }>;

const decodeHandle = Schema.decodeUnknownOption(Handle);
const issuer = "threadbox";
/** OpenCode asks for another access token when this is over: never. */
export const handleSeconds = 10 * 365 * 86_400;
const sizeBytesMax = 4_096;

/** `now` in milliseconds since 1970. */
export const signHandle = async (handle: Handle, root: Redacted.Redacted<Uint8Array>, now: number): Promise<string> => {
  const seconds = Math.floor(now / 1000);
  const account = "login" in handle ? { "https://api.openai.com/auth": { chatgpt_account_id: handle.login } } : {};
  return new SignJWT({ ...handle, ...account })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(issuer)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + handleSeconds)
    .sign(await deriveHandleKey(root));
};

/** Whose it is; null where it is nobody's. Whether its binding still stands is not asked. */
export const readHandle = async (
  text: string,
  root: Redacted.Redacted<Uint8Array>,
  now: number,
): Promise<Handle | null> => {
  if (text.length > sizeBytesMax) return null;
  try {
    const { payload } = await jwtVerify(text, await deriveHandleKey(root), {
      algorithms: ["HS256"],
      issuer,
      currentDate: new Date(now),
    });
    return Option.getOrNull(decodeHandle(payload));
  } catch {
    return null;
  }
};
