import { createHash } from "node:crypto";
import { newId } from "./ids.ts";

export const codeLifetimeMs = 60_000;

interface IssuedCode {
  readonly userId: string;
  /** S256 of the verifier that only the client which asked knows. */
  readonly codeChallenge: string;
  readonly expiresAt: number;
  /** The session that the code was exchanged for. */
  sessionId: string | undefined;
  isUsed: boolean;
}

export type Redemption =
  | { readonly kind: "good"; readonly userId: string; readonly bind: (sessionId: string) => void }
  /** The code was exchanged before: whatever session came of it belongs to somebody unknown. */
  | { readonly kind: "repeat"; readonly sessionId: string | undefined }
  | { readonly kind: "bad" };

/** Authorization codes. They live for a minute and in memory: a restart only costs the sign-in that is under way. */
export class Codes {
  readonly #codes = new Map<string, IssuedCode>();

  issue(userId: string, codeChallenge: string, now: number): string {
    for (const [code, { expiresAt }] of this.#codes) if (expiresAt < now) this.#codes.delete(code);
    const code = newId("code");
    this.#codes.set(code, {
      userId,
      codeChallenge,
      expiresAt: now + codeLifetimeMs,
      sessionId: undefined,
      isUsed: false,
    });
    return code;
  }

  /** Takes the code once, from whoever knows the verifier. A wrong verifier uses the code up as well. */
  redeem(code: string, codeVerifier: string, now: number): Redemption {
    const issued = this.#codes.get(code);
    if (issued === undefined || issued.expiresAt < now) return { kind: "bad" };
    if (issued.isUsed) return { kind: "repeat", sessionId: issued.sessionId };
    const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
    if (!/^[A-Za-z0-9._~-]{43,128}$/.test(codeVerifier) || challenge !== issued.codeChallenge) {
      this.#codes.delete(code);
      return { kind: "bad" };
    }
    issued.isUsed = true;
    return {
      kind: "good",
      userId: issued.userId,
      bind: (sessionId) => {
        issued.sessionId = sessionId;
      },
    };
  }
}
