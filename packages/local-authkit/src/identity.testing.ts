import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { type RunningIdentity, startIdentity } from "./server.ts";

export const appOrigin = "http://threadbox.localhost:3000";
export const clientId = "client_local";
export const redirectUri = `${appOrigin}/callback`;

export interface TokenAnswer {
  readonly user: Record<string, unknown>;
  readonly access_token: string;
  readonly refresh_token: string;
}

/** An identity process in this one, on a folder of its own, with a clock that the test moves. */
export const openIdentity = async () => {
  const folder = mkdtempSync(join(tmpdir(), "local-authkit-"));
  const clock = { now: Date.UTC(2026, 0, 1) };
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  const start = (port: number) =>
    startIdentity({ port, stateFolder: folder, appOrigin, clientId }, log, () => clock.now);
  let running: RunningIdentity | undefined = await start(0);
  const { issuer } = running;
  const stop = async () => {
    await running?.close();
    running = undefined;
  };
  const restart = async () => {
    running = await start(Number(new URL(issuer).port));
  };
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    clock,
    /** Everything that was logged. */
    log: () => lines.join(""),
    issuer,
    stop,
    /** Starts it again on the same port and folder. */
    start: restart,
    restart: async () => {
      await stop();
      await restart();
    },
  };
};

export const newVerifier = () => randomBytes(64).toString("base64url");

export const authorizeUrl = (issuer: string, verifier: string, overrides: Record<string, string> = {}): string => {
  const url = new URL("/user_management/authorize", issuer);
  const query = {
    client_id: clientId,
    provider: "authkit",
    response_type: "code",
    redirect_uri: redirectUri,
    state: '{"returnTo":"/t/1"}',
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...overrides,
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
};

/** What a person sees and can press on the sign-in page. */
export const readPage = (page: string) => ({
  sealed: /name="request" value="([^"]+)"/.exec(page)?.[1] ?? "",
  users: [...page.matchAll(/name="user_id" value="([^"]+)"[\s\S]*?class="email">([^<]+)</g)].map((match) => ({
    id: match[1] ?? "",
    email: match[2] ?? "",
  })),
});

export const submit = (issuer: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${issuer}/user_management/authorize`, {
    method: "POST",
    headers: { origin: issuer, ...headers },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });

export const authenticate = (issuer: string, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  fetch(`${issuer}/user_management/authenticate`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: appOrigin, ...headers },
    body: JSON.stringify({ client_id: clientId, ...body }),
  });

export const redeem = (issuer: string, code: string, verifier: string) =>
  authenticate(issuer, { grant_type: "authorization_code", code, code_verifier: verifier });

export const refresh = (issuer: string, token: string) =>
  authenticate(issuer, { grant_type: "refresh_token", refresh_token: token });

/** Picks the user on the page and answers with the code in the redirect. */
export const obtainCode = async (issuer: string, verifier: string, email = "member@threadbox.localhost") => {
  const page = readPage(await (await fetch(authorizeUrl(issuer, verifier))).text());
  const userId = page.users.find((user) => user.email === email)?.id ?? "";
  const answer = await submit(issuer, { request: page.sealed, user_id: userId });
  return new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
};

/** The whole way, from the page to the tokens. */
export const signIn = async (issuer: string, email?: string): Promise<TokenAnswer> => {
  const verifier = newVerifier();
  const answer = await redeem(issuer, await obtainCode(issuer, verifier, email), verifier);
  return (await answer.json()) as TokenAnswer;
};
