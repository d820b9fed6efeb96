import { env } from "cloudflare:workers";
import { Redacted, Result } from "effect";
import { describe, expect, test } from "vitest";
import { decodeConfig } from "./config.ts";

const good = Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === "string"));
const problemsOf = (bindings: object): readonly string[] => {
  const decoded = decodeConfig(bindings);
  return Result.isFailure(decoded) ? decoded.failure.problems : [];
};

describe("the worker's configuration", () => {
  test("names every bad key at once, and no value that may be a secret", () => {
    const bindings = {
      APP_ORIGIN: "https://app.test/path",
      CONVEX_URL: "",
      THREAD_TOKEN_JWKS: "canary-1",
      SANDBOX_PROVIDER: "moon",
    };
    const problems = problemsOf(bindings);
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
      "APP_ORIGIN",
      "CONVEX_URL",
      "AUTH_ISSUER",
      "AUTH_JWKS_URL",
      "THREAD_TOKEN_JWKS",
      "SERVICE_TOKEN_PRIVATE_JWK",
      "SANDBOX_CREDENTIAL_KEY",
      "SANDBOX_NAME_KEY",
      "VAULT_KEYS",
      "SANDBOX_PROVIDER",
    ]);
    expect(problems.at(-1)).toBe('SANDBOX_PROVIDER is "moon", not local or docker or cloudflare or auto');
    expect(problems.join()).not.toMatch(/canary|app\.test/);
  });

  test("asks for the sandbox host with the local provider, and only then", () => {
    const { SANDBOX_HOST_URL, SANDBOX_HOST_TOKEN, ...rest } = good;
    expect(problemsOf(rest)).toEqual([
      "SANDBOX_HOST_URL is needed with SANDBOX_PROVIDER local",
      "SANDBOX_HOST_TOKEN is needed with SANDBOX_PROVIDER local",
    ]);
    expect(problemsOf({ ...rest, SANDBOX_PROVIDER: "docker" })).toHaveLength(2);
    const cloudflare = { SANDBOX_PROVIDER: "cloudflare", CLOUDFLARE_WORKER_URL: "https://worker.test" };
    expect(problemsOf({ ...rest, ...cloudflare })).toEqual([]);
    expect(problemsOf({ ...rest, SANDBOX_PROVIDER: "auto" })).toEqual([]);
  });

  test("asks for the worker's address where its sandboxes are to be Cloudflare's", () => {
    expect(problemsOf({ ...good, SANDBOX_PROVIDER: "cloudflare" })).toEqual([
      "CLOUDFLARE_WORKER_URL is needed with SANDBOX_PROVIDER cloudflare",
    ]);
  });

  test("S4.39: has Cloudflare's sandboxes where they are enabled, or are the installation's own", () => {
    const enabledBy = (more: object) => Result.getOrThrow(decodeConfig({ ...good, ...more })).sandboxes.cloudflare;
    const url = { CLOUDFLARE_WORKER_URL: "https://worker.test/" };
    expect(enabledBy({})).toEqual({ enabled: false, workerUrl: null });
    expect(enabledBy({ ENABLE_CLOUDFLARE_SANDBOXES: "true" })).toEqual({ enabled: true, workerUrl: null });
    expect(enabledBy({ ...url, SANDBOX_PROVIDER: "cloudflare" })).toEqual({
      enabled: true,
      workerUrl: "https://worker.test",
    });
    expect(enabledBy({ ...url, SANDBOX_PROVIDER: "cloudflare", ENABLE_CLOUDFLARE_SANDBOXES: "false" }).enabled).toBe(
      false,
    );
  });

  test("asks for a model's name where a provider's address is given", () => {
    expect(problemsOf({ ...good, MODEL_BASE_URL: "http://127.0.0.1:11434/v1" })).toEqual([
      "MODEL_NAME is needed with MODEL_BASE_URL",
    ]);
  });

  test.each(["short", "not base64url!", ""])("a key must be 32 bytes of base64url, not %j", (key) => {
    expect(problemsOf({ ...good, SANDBOX_NAME_KEY: key })).toHaveLength(1);
  });

  test("knows the hosts that the installation has named itself, for requests of sandboxes those alone that have an address", () => {
    const bindings = {
      ...good,
      OUTBOUND_HOSTS: { "mirror.test": "OUTBOUND_0" },
      MODEL_BASE_URL: "http://127.0.0.1:11434/v1",
      MODEL_NAME: "m",
      MODEL_KEY_HOSTS: "ollama.internal:11434",
    };
    const { namedHosts } = Result.getOrThrow(decodeConfig(bindings));
    expect(namedHosts.egress).toEqual(["mirror.test"]);
    expect(namedHosts.all).toEqual(expect.arrayContaining(["mirror.test", "127.0.0.1:11434", "ollama.internal:11434"]));
  });

  test("holds its secrets so that printing shows none", () => {
    const decoded = decodeConfig({
      ...good,
      MODEL_BASE_URL: "http://m.test/v1/",
      MODEL_NAME: "m",
      MODEL_API_KEY: "sk-canary-1",
    });
    const config = Result.getOrThrow(decoded);
    const printed = `${JSON.stringify(config)} ${String(config.model?.apiKey)}`;
    const secrets = [
      "sk-canary-1",
      good.SERVICE_TOKEN_PRIVATE_JWK,
      good.SANDBOX_HOST_TOKEN,
      good.SANDBOX_CREDENTIAL_KEY,
      good.VAULT_KEYS,
    ];
    for (const secret of secrets) expect(printed).not.toContain(String(secret));
    expect(config.model).toMatchObject({ baseUrl: "http://m.test/v1", name: "m" });
    expect(config.model?.apiKey && Redacted.value(config.model.apiKey)).toBe("sk-canary-1");
    expect(config.sandboxIdleMs).toBe(15 * 60_000);
  });
});
