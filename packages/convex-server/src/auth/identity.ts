import type { JSONValue } from "convex/values";

/** Who a verified token speaks for. */
export interface Identity {
  /** What `ctx.auth.getUserIdentity()` returns; null: nobody, as whom an admin acts. */
  readonly attributes: Readonly<Record<string, JSONValue>> | null;
  /** As text: equal for tokens that functions cannot tell apart. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly token: string;
  /** Whether it came with the admin key: then every function may be called. */
  readonly isAdmin?: true;
}

/** Of somebody with a token of their own. */
export type UserIdentity = Identity & { readonly attributes: Readonly<Record<string, JSONValue>> };

type Claims = Readonly<Record<string, unknown>>;

const registered = new Set(["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]);

/** OpenID claim → name of the attribute. */
const standardClaims: Readonly<Record<string, string>> = {
  name: "name",
  given_name: "givenName",
  family_name: "familyName",
  nickname: "nickname",
  preferred_username: "preferredUsername",
  profile: "profileUrl",
  picture: "pictureUrl",
  website: "websiteUrl",
  email: "email",
  email_verified: "emailVerified",
  gender: "gender",
  birthdate: "birthday",
  zoneinfo: "timezone",
  locale: "language",
  phone_number: "phoneNumber",
  phone_number_verified: "phoneNumberVerified",
  address: "address",
  updated_at: "updatedAt",
};

const isNested = (value: unknown): value is Claims =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Nested claims as Convex shows them: `{a: {b: 1}}` becomes `{"a.b": 1}`. */
const flatten = (claims: Claims, prefix = ""): [string, JSONValue][] =>
  Object.entries(claims).flatMap(([name, value]): [string, JSONValue][] =>
    isNested(value) ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value as JSONValue]],
  );

const identityOf = (claims: Claims, others: readonly [string, JSONValue][], token: string): UserIdentity => {
  const issuer = String(claims.iss);
  const subject = String(claims.sub);
  const sorted = [...others].sort(([a], [b]) => (a < b ? -1 : 1));
  const attributes = {
    ...Object.fromEntries(sorted),
    tokenIdentifier: `${issuer}|${subject}`,
    issuer,
    subject,
  };
  return { attributes, key: JSON.stringify(attributes), expiresAt: Number(claims.exp) * 1000, token };
};

/** Custom JWT: every claim that JWT itself does not define keeps its name. */
export const identityFromCustomJwt = (claims: Claims, token: string): UserIdentity => {
  const own = Object.entries(claims).filter(([name]) => !registered.has(name));
  return identityOf(claims, flatten(Object.fromEntries(own)), token);
};

/** OpenID token: the standard claims get the names of `UserIdentity`, the others keep theirs. */
export const identityFromOidc = (claims: Claims, token: string): UserIdentity => {
  const own = Object.entries(claims).filter(([name]) => !registered.has(name));
  const named = own.map(([name, value]): [string, JSONValue] => {
    if (name === "address" && isNested(value)) return ["address", String(value.formatted ?? "")];
    if (name === "updated_at" && typeof value === "number") return ["updatedAt", new Date(value * 1000).toISOString()];
    return [standardClaims[name] ?? name, value as JSONValue];
  });
  return identityOf(claims, named, token);
};
