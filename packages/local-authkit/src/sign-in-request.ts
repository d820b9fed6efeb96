import { jwtVerify, SignJWT } from "jose";

/** What the app asked for when it sent the browser here. */
export interface SignInRequest {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly state: string | undefined;
  readonly loginHint: string | undefined;
  /** The app asked for a new user's form. */
  readonly isSignUp: boolean;
}

/** Why a request from the app is not served: one plain sentence for the person who sees it. */
export class SignInRequestRefused extends Error {}

const refuse = (sentence: string): never => {
  throw new SignInRequestRefused(sentence);
};

/** An address on the app's origin, or undefined. */
export const onOrigin = (address: string, origin: string): string | undefined => {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isPlain = url.username === "" && url.password === "" && url.hash === "";
  return url.origin === origin && isPlain ? url.href : undefined;
};

const parameterLengthMax = 4096;

/** Checks the query of `/user_management/authorize`. Nothing is redirected to before this has passed. */
export const readSignInRequest = (
  query: URLSearchParams,
  expected: { readonly appOrigin: string; readonly clientId: string },
): SignInRequest => {
  const get = (name: string): string | undefined => query.get(name) ?? undefined;
  for (const [, value] of query) if (value.length > parameterLengthMax) refuse("The request is too long.");
  const redirectUri = onOrigin(get("redirect_uri") ?? "", expected.appOrigin);
  if (redirectUri === undefined) return refuse("The return address isn’t on this app.");
  if (get("client_id") !== expected.clientId) refuse("This app isn’t registered here.");
  if (get("response_type") !== "code") refuse("Only the authorization code flow is supported.");
  const codeChallenge = get("code_challenge") ?? "";
  if (get("code_challenge_method") !== "S256" || !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge))
    refuse("The request has no S256 code challenge.");
  return {
    redirectUri,
    codeChallenge,
    state: get("state"),
    loginHint: get("login_hint"),
    isSignUp: get("screen_hint") === "sign-up",
  };
};

const seal = { alg: "HS256", typ: "sign-in-form+jwt" } as const;
const sealLifetimeSeconds = 3600;

/**
 * The request, sealed for the form. A page elsewhere cannot read ours, so it has no seal to post: a sign-in only
 * begins on a page that this process drew.
 */
export const sealRequest = (request: SignInRequest, key: Uint8Array, now: number): Promise<string> =>
  new SignJWT({ ...request })
    .setProtectedHeader(seal)
    .setExpirationTime(Math.floor(now / 1000) + sealLifetimeSeconds)
    .sign(key);

/** The request a form brings back; undefined where the seal is broken or more than an hour old. */
export const openSealedRequest = async (
  sealed: string,
  key: Uint8Array,
  now: number,
): Promise<SignInRequest | undefined> => {
  try {
    const { payload } = await jwtVerify<SignInRequest>(sealed, key, {
      algorithms: [seal.alg],
      typ: seal.typ,
      currentDate: new Date(now),
    });
    const { redirectUri, codeChallenge, state, loginHint, isSignUp } = payload;
    return { redirectUri, codeChallenge, state, loginHint, isSignUp };
  } catch {
    // Whatever is wrong with a seal, the answer is the same: begin again.
    return undefined;
  }
};
