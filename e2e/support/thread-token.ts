import { randomUUID } from "node:crypto";
import { fillPath, workerApi } from "@threadbox/contracts/worker-api";
import { importJWK, type JWK, SignJWT } from "jose";
import { main } from "./addresses.ts";
import { keysOf } from "./keys.ts";

export interface TokenShape {
  /** Null leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

export const importPrivate = (jwk: JWK) => importJWK(jwk, "ES256");

/** A token that opens that thread, signed with the installation's own key, but for what `shape` says otherwise. */
export const signThreadToken = async (
  threadId: string,
  userId: string,
  { claims = {}, header = {}, key }: TokenShape = {},
): Promise<string> => {
  const jwk = keysOf().threadToken.private;
  const now = nowSeconds();
  const all: Record<string, unknown> = {
    iss: "threadbox-web",
    aud: "threadbox-worker",
    thread_id: threadId,
    user_id: userId,
    role: "member",
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...claims,
  };
  return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)))
    .setProtectedHeader({ alg: "ES256", typ: "thread+jwt", kid: jwk.kid, ...header })
    .sign(key ?? (await importPrivate(jwk)));
};

/** Parts put together by hand, for what no library would sign. */
export const assembleToken = (header: unknown, payload: unknown, signature = ""): string => {
  const encode = (value: unknown) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  return `${encode(header)}.${encode(payload)}.${signature}`;
};

/** The payload of a token in compact form. */
export const claimsOf = (token: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** The route that carries the token in a header. */
export const restartUrl = (threadId: string) =>
  `${main.workerUrl}${fillPath(workerApi.restartSandbox.path, { threadId })}`;
