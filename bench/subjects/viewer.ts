import { createHash, randomBytes } from "node:crypto";
import { sandboxCredential } from "@threadbox/contracts/sandbox-credential";
import { threadToken } from "@threadbox/contracts/thread-token";
import { importJWK, SignJWT } from "jose";
import type { Product } from "./product.ts";

const clientId = "client_local";

/** A signed-in user of a running product, who has one thread. */
export interface Viewer {
  readonly userId: string;
  readonly threadId: string;
}

/** Goes through the sign-in page as a browser would, as a user that every installation has: the first one is its admin. */
export const signIn = async ({ addresses }: Product): Promise<{ userId: string; accessToken: string }> => {
  const verifier = randomBytes(64).toString("base64url");
  const authorize = new URL("/user_management/authorize", addresses.identity);
  authorize.search = new URLSearchParams({
    client_id: clientId,
    provider: "authkit",
    response_type: "code",
    redirect_uri: `${addresses.app}/callback`,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const page = await (await fetch(authorize)).text();
  const sealed = /name="request" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const userId = /name="user_id" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const chosen = await fetch(authorize.origin + authorize.pathname, {
    method: "POST",
    headers: { origin: addresses.identity },
    body: new URLSearchParams({ request: sealed, user_id: userId }),
    redirect: "manual",
  });
  const code = new URL(chosen.headers.get("location") ?? "").searchParams.get("code");
  const answer = await fetch(`${addresses.identity}/user_management/authenticate`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: addresses.app },
    body: JSON.stringify({ client_id: clientId, grant_type: "authorization_code", code, code_verifier: verifier }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return { userId, accessToken: access_token };
};

/** Calls a mutation of Convex; throws where it does not succeed. */
export const mutate = async (product: Product, accessToken: string, path: string, args: object): Promise<unknown> => {
  const response = await fetch(`${product.addresses.convex}/api/mutation`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ path, format: "convex_encoded_json", args: [args] }),
  });
  const answer = (await response.json()) as { status: string; value?: unknown };
  if (answer.status !== "success") throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer.value;
};

export const openThread = async (product: Product): Promise<Viewer> => {
  const { userId, accessToken } = await signIn(product);
  await mutate(product, accessToken, "users:ensure", { name: "Bench", email: "bench@threadbox.localhost" });
  return { userId, threadId: String(await mutate(product, accessToken, "threads:create", {})) };
};

/** The token that the web server would issue for the thread. */
export const issueThreadToken = async ({ keys }: Product, { userId, threadId }: Viewer): Promise<string> => {
  const { private: jwk } = keys.threadToken;
  return new SignJWT({ thread_id: threadId, user_id: userId, role: "member", jti: randomBytes(16).toString("hex") })
    .setProtectedHeader({ alg: threadToken.alg, typ: threadToken.typ, kid: jwk.kid ?? "" })
    .setIssuer(threadToken.issuer)
    .setAudience(threadToken.audience)
    .setIssuedAt()
    .setExpirationTime(`${threadToken.lifetimeSecondsMax} s`)
    .sign(await importJWK(jwk, threadToken.alg));
};

/** A sandbox of the thread that runs, what it is called at its host, and what it shows at the model gateway. */
export interface ThreadSandbox {
  readonly name: string;
  readonly credential: string;
}

/** Starts the thread's sandbox by the product's own route and learns its generation from its host. */
export const startSandbox = async (product: Product, viewer: Viewer): Promise<ThreadSandbox> => {
  const { addresses, keys } = product;
  const list = async () => {
    const answer = await fetch(`${addresses.sandboxHost}/v1/sandboxes`, {
      headers: { authorization: `Bearer ${keys.sandboxHostToken}` },
    });
    return ((await answer.json()) as { sandboxes: readonly { name: string; generation: number; status: string }[] })
      .sandboxes;
  };
  const before = new Set((await list()).map(({ name }) => name));
  const response = await fetch(`${addresses.worker}/api/sandbox/${viewer.threadId}/restart`, {
    method: "POST",
    headers: { authorization: `Bearer ${await issueThreadToken(product, viewer)}`, origin: addresses.app },
    signal: AbortSignal.timeout(120_000),
  });
  if (!response.ok) throw new Error(`restart: ${response.status} ${await response.text()}`);
  const sandboxes = await list();
  const ready = sandboxes.filter(({ status }) => status === "ready");
  const running = ready.find(({ name }) => !before.has(name)) ?? ready[0];
  if (running === undefined) throw new Error(`no sandbox is ready: ${JSON.stringify(sandboxes)}`);
  const credential = await new SignJWT({
    sandbox_name: running.name,
    thread_id: viewer.threadId,
    generation: running.generation,
  })
    .setProtectedHeader({ alg: sandboxCredential.alg, typ: sandboxCredential.typ })
    .setIssuer(sandboxCredential.issuer)
    .setAudience(sandboxCredential.audience)
    .setIssuedAt()
    .sign(Buffer.from(keys.sandboxCredentialKey, "base64url"));
  return { name: running.name, credential };
};
