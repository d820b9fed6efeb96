import { afterEach, describe, expect, test, vi } from "vitest";

/** Reads the file the way a deployment does: with its variables, and refusing one that is not set. */
const providersWith = async (variables: Record<string, string>) => {
  const env = new Proxy(variables, {
    get: (target, name) => {
      if (typeof name !== "string" || !(name in target)) throw new Error(`${String(name)} is not set`);
      return target[name];
    },
  });
  vi.resetModules();
  vi.stubGlobal("process", { env });
  return (await import("./auth.config.ts")).default.providers;
};

afterEach(() => {
  vi.unstubAllGlobals();
});

const service = {
  type: "customJwt",
  issuer: "https://threadbox.invalid/service",
  jwks: "data:,{}",
  algorithm: "ES256",
  applicationID: "threadbox-convex",
};

describe("auth.config.ts", () => {
  test.each(["none", ""])("takes WorkOS tokens, which have no audience (%j)", async (audience) => {
    const issuer = "https://api.workos.com/user_management/client_1";
    const jwks = "https://api.workos.com/sso/jwks/client_1";
    const providers = await providersWith({
      AUTH_ISSUER: issuer,
      AUTH_JWKS_URL: jwks,
      AUTH_AUDIENCE: audience,
      SERVICE_JWKS_URL: "data:,{}",
    });
    expect(providers).toEqual([{ type: "customJwt", issuer, jwks, algorithm: "RS256" }, service]);
  });

  test("checks the audience where one is named", async () => {
    const providers = await providersWith({
      AUTH_ISSUER: "http://localhost:4100",
      AUTH_JWKS_URL: "http://localhost:4100/sso/jwks/client_local",
      AUTH_AUDIENCE: "client_local",
      SERVICE_JWKS_URL: "data:,{}",
    });
    expect(providers[0]).toMatchObject({ applicationID: "client_local" });
  });
});
