import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import { type LoginFlowId, LoginId } from "@threadbox/contracts/logins";
import { Option, Schema } from "effect";
import { type MasterKeys, openValue, SealBrokenError, type SealedValue, sealValue } from "../secrets/index.ts";

/** What OpenAI gave for a login; leaves the Durable Object only as the access token of one call. */
export const LoginTokens = Schema.Struct({
  accessToken: Schema.String,
  refreshToken: Schema.String,
  /** Milliseconds since 1970. */
  accessExpiresAt: Schema.Number,
});
export type LoginTokens = typeof LoginTokens.Type;

/** A thread's right to use a login. A handle that names another binding is worth nothing. */
export const LoginBinding = Schema.Struct({ loginId: LoginId, bindingId: Schema.String });
export type LoginBinding = typeof LoginBinding.Type;

const decodeTokens = Schema.decodeUnknownOption(Schema.fromJsonString(LoginTokens));
const decodeBinding = Schema.decodeUnknownOption(Schema.fromJsonString(LoginBinding));

const orBroken = <A>(decoded: Option.Option<A>): A => {
  if (Option.isNone(decoded)) throw new SealBrokenError();
  return decoded.value;
};

/** Seals of one user's logins: nothing opens as another user's, another login's or another thread's. */
export class LoginSeals {
  readonly #keys: MasterKeys;
  readonly #userId: () => UserId;

  constructor(keys: MasterKeys, userId: () => UserId) {
    this.#keys = keys;
    this.#userId = userId;
  }

  /** What is sealed under another key than this is sealed anew when it is next written. */
  get currentKid(): string {
    return this.#keys.currentKid;
  }

  #tokens(loginId: LoginId, version: number) {
    return { purpose: "login", scope: this.#userId(), name: loginId, version } as const;
  }

  #binding(threadId: ThreadId) {
    return { purpose: "login-binding", scope: this.#userId(), name: threadId, version: 1 } as const;
  }

  #code(flowId: LoginFlowId) {
    return { purpose: "login-flow", scope: this.#userId(), name: flowId, version: 1 } as const;
  }

  sealTokens(loginId: LoginId, version: number, tokens: LoginTokens): Promise<SealedValue> {
    return sealValue(this.#keys, this.#tokens(loginId, version), JSON.stringify(tokens));
  }

  /** Rejects with SealBrokenError. */
  async openTokens(loginId: LoginId, version: number, sealed: SealedValue): Promise<LoginTokens> {
    return orBroken(decodeTokens(await openValue(this.#keys, this.#tokens(loginId, version), sealed)));
  }

  sealBinding(threadId: ThreadId, binding: LoginBinding): Promise<SealedValue> {
    return sealValue(this.#keys, this.#binding(threadId), JSON.stringify(binding));
  }

  /** Null for a binding that can't be opened: the thread has none then. */
  async openBinding(threadId: ThreadId, sealed: SealedValue | null): Promise<LoginBinding | null> {
    if (sealed === null) return null;
    try {
      return orBroken(decodeBinding(await openValue(this.#keys, this.#binding(threadId), sealed)));
    } catch {
      return null;
    }
  }

  sealCode(flowId: LoginFlowId, deviceCode: string): Promise<SealedValue> {
    return sealValue(this.#keys, this.#code(flowId), deviceCode);
  }

  /** Rejects with SealBrokenError. */
  openCode(flowId: LoginFlowId, sealed: SealedValue): Promise<string> {
    return openValue(this.#keys, this.#code(flowId), sealed);
  }
}
