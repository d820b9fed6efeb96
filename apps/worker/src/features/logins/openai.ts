import { Option, Schema } from "effect";
import { readBytes } from "../../http/body.ts";

/** OpenCode's client at OpenAI: a public one, its id is no secret. */
export const codexClientId = "app_EMoamEEZ73f0CkXaXp7hrann";
export const devicePage = "/codex/device";
const redirectPath = "/deviceauth/callback";
const answerBytesMax = 64 * 1024;
const callMsMax = 15_000;

/** The deadline of a code, the pause between two questions. */
export interface DeviceCode {
  /** The secret that is polled with. */
  readonly deviceCode: string;
  readonly userCode: string;
  readonly intervalMs: number;
  /** Null: OpenAI doesn't say. */
  readonly lifetimeMs: number | null;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly verifier: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Null: the answer holds none. */
  readonly idToken: string | null;
  readonly lifetimeMs: number;
}

/** What a poll says. `unreachable`: nothing is known, and asking again does no harm. */
export type DevicePollResult =
  | { readonly kind: "pending" | "slowDown" | "denied" | "expired" | "unreachable" | "refused" | "malformed" }
  | { readonly kind: "granted"; readonly authorization: AuthorizationCode };

/**
 * What became of something that can be done once. `later`: too much was asked, nothing was used up. `refused`: OpenAI has
 * said no. `unknown`: it may have happened, so that it must not be tried again.
 */
export type OnceResult<A> =
  | { readonly kind: "done"; readonly value: A }
  | { readonly kind: "later" | "refused" | "unknown" };

const UserCodeAnswer = Schema.Struct({
  device_auth_id: Schema.NonEmptyString,
  user_code: Schema.String.check(Schema.isPattern(/^[A-Z0-9][A-Z0-9-]{3,31}$/i)),
  interval: Schema.optionalKey(Schema.Union([Schema.String, Schema.Number])),
  expires_in: Schema.optionalKey(Schema.Union([Schema.String, Schema.Number])),
});
const GrantAnswer = Schema.Struct({
  authorization_code: Schema.NonEmptyString,
  code_verifier: Schema.NonEmptyString,
});
const TokenAnswer = Schema.Struct({
  access_token: Schema.NonEmptyString,
  refresh_token: Schema.NonEmptyString,
  id_token: Schema.optionalKey(Schema.String),
  expires_in: Schema.optionalKey(Schema.Number),
});
const RefusalAnswer = Schema.Struct({
  error: Schema.optionalKey(Schema.Union([Schema.String, Schema.Struct({ code: Schema.optionalKey(Schema.String) })])),
});

const decodeWith = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) =>
  Schema.decodeUnknownOption(Schema.fromJsonString(schema));
const decodeUserCode = decodeWith(UserCodeAnswer);
const decodeGrant = decodeWith(GrantAnswer);
const decodeTokens = decodeWith(TokenAnswer);
const decodeRefusal = decodeWith(RefusalAnswer);

const [intervalMsDefault, intervalMsMin, intervalMsMax] = [5_000, 1_000, 60_000];
const lifetimeMsDefault = 3_600_000;

/** Milliseconds of a number of seconds that may be written as text; null where it is none. */
const millisecondsOf = (value: string | number | undefined): number | null => {
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
};
const between = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max);

const errorCodeOf = (text: string): string => {
  const error = Option.getOrNull(decodeRefusal(text))?.error;
  return (typeof error === "string" ? error : (error?.code ?? "")).toLowerCase();
};

/** What a poll's status and words mean. While nobody has approved, OpenAI answers with 403 or 404. */
const verdictOf = (status: number, text: string): DevicePollResult["kind"] => {
  const code = errorCodeOf(text);
  if (status >= 500) return "unreachable";
  if (status === 429 || code === "slow_down") return "slowDown";
  if (code.includes("denied")) return "denied";
  if (status === 410 || code.includes("expired")) return "expired";
  if (status === 403 || status === 404 || code === "authorization_pending") return "pending";
  return "refused";
};

/** OpenAI's authorization server, asked as OpenCode asks it. No answer of it is ever logged. */
export class OpenAiIssuer {
  readonly #base: string;
  readonly #fetcher: typeof fetch;

  constructor(base: string, fetcher: typeof fetch) {
    this.#base = base;
    this.#fetcher = fetcher;
  }

  async #ask(path: string, body: string | URLSearchParams): Promise<{ status: number; text: string } | null> {
    const type = typeof body === "string" ? "application/json" : "application/x-www-form-urlencoded";
    try {
      const response = await this.#fetcher(`${this.#base}${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": type, accept: "application/json" },
        body: String(body),
        signal: AbortSignal.timeout(callMsMax),
      });
      const bytes = await readBytes(response, answerBytesMax);
      return { status: response.status, text: bytes === null ? "" : new TextDecoder().decode(bytes) };
    } catch {
      return null;
    }
  }

  /** `unreachable` and `malformed` leave nothing behind that could be used up. */
  async requestCode(): Promise<DeviceCode | "unreachable" | "malformed"> {
    const answer = await this.#ask("/api/accounts/deviceauth/usercode", JSON.stringify({ client_id: codexClientId }));
    if (answer === null || answer.status >= 400) return "unreachable";
    const code = Option.getOrNull(decodeUserCode(answer.text));
    if (code === null) return "malformed";
    return {
      deviceCode: code.device_auth_id,
      userCode: code.user_code,
      intervalMs: between(millisecondsOf(code.interval) ?? intervalMsDefault, intervalMsMin, intervalMsMax),
      lifetimeMs: millisecondsOf(code.expires_in),
    };
  }

  async poll(deviceCode: string, userCode: string): Promise<DevicePollResult> {
    const asked = JSON.stringify({ device_auth_id: deviceCode, user_code: userCode });
    const answer = await this.#ask("/api/accounts/deviceauth/token", asked);
    if (answer === null) return { kind: "unreachable" };
    if (answer.status !== 200) {
      const kind = verdictOf(answer.status, answer.text);
      return kind === "granted" ? { kind: "malformed" } : { kind };
    }
    const grant = Option.getOrNull(decodeGrant(answer.text));
    if (grant === null) return { kind: "malformed" };
    return { kind: "granted", authorization: { code: grant.authorization_code, verifier: grant.code_verifier } };
  }

  exchange({ code, verifier }: AuthorizationCode): Promise<OnceResult<Tokens>> {
    return this.#tokens({
      grant_type: "authorization_code",
      code,
      redirect_uri: `${this.#base}${redirectPath}`,
      client_id: codexClientId,
      code_verifier: verifier,
    });
  }

  refresh(refreshToken: string): Promise<OnceResult<Tokens>> {
    return this.#tokens({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: codexClientId });
  }

  async #tokens(form: Record<string, string>): Promise<OnceResult<Tokens>> {
    const answer = await this.#ask("/oauth/token", new URLSearchParams(form));
    if (answer === null || answer.status >= 500) return { kind: "unknown" };
    if (answer.status === 429) return { kind: "later" };
    if (answer.status !== 200) return { kind: "refused" };
    const tokens = Option.getOrNull(decodeTokens(answer.text));
    if (tokens === null) return { kind: "unknown" };
    return {
      kind: "done",
      value: {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
        idToken: tokens.id_token ?? null,
        lifetimeMs: millisecondsOf(tokens.expires_in) ?? lifetimeMsDefault,
      },
    };
  }
}
