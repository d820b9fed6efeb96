import { Base64Url } from "effect/encoding";

export const newRequestId = (): string => crypto.randomUUID();

/** Unguessable text of that many random bytes, base64url. */
export const newSecretText = (bytes: number): string => Base64Url.encode(crypto.getRandomValues(new Uint8Array(bytes)));
