import { Option, Schema } from "effect";
import { decodeJwt } from "jose";
import type { Tokens } from "./openai.ts";

/** Whom tokens are of, as OpenAI's claims say. What the claims say is shown, never trusted with anything. */
export interface ChatGptAccount {
  /** Sent with every call. */
  readonly accountId: string;
  /** Masked. */
  readonly account: string;
  readonly plan: string | null;
}

const Claims = Schema.Struct({
  email: Schema.optionalKey(Schema.String),
  "https://api.openai.com/profile": Schema.optionalKey(Schema.Struct({ email: Schema.optionalKey(Schema.String) })),
  "https://api.openai.com/auth": Schema.optionalKey(
    Schema.Struct({
      chatgpt_account_id: Schema.optionalKey(Schema.String),
      chatgpt_plan_type: Schema.optionalKey(Schema.String),
    }),
  ),
});
const decodeClaims = Schema.decodeUnknownOption(Claims);

const claimsOf = (token: string | null): typeof Claims.Type => {
  if (token === null) return {};
  try {
    return Option.getOrElse(decodeClaims(decodeJwt(token)), () => ({}));
  } catch {
    return {};
  }
};

const lengthMax = 120;

/** The first letter and the host: enough for whoever knows the account. */
export const maskAddress = (address: string): string => {
  const at = address.lastIndexOf("@");
  const [first = ""] = address;
  return at < 1 ? "ChatGPT" : `${first}***${address.slice(at)}`.slice(0, lengthMax);
};

/** Null where the tokens name no account: calls would be refused. */
export const accountOf = ({ idToken, accessToken }: Pick<Tokens, "idToken" | "accessToken">): ChatGptAccount | null => {
  const both = [claimsOf(idToken), claimsOf(accessToken)];
  const auths = both.map((claims) => claims["https://api.openai.com/auth"]);
  const accountId = auths.find((auth) => auth?.chatgpt_account_id !== undefined)?.chatgpt_account_id;
  if (accountId === undefined) return null;
  const address = both.map((claims) => claims.email ?? claims["https://api.openai.com/profile"]?.email);
  const plan = auths.find((auth) => auth?.chatgpt_plan_type !== undefined)?.chatgpt_plan_type;
  return {
    accountId,
    account: maskAddress(address.find((known) => known !== undefined) ?? ""),
    plan: plan?.slice(0, lengthMax) ?? null,
  };
};
