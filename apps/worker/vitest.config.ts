import { readdirSync, readFileSync } from "node:fs";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { exportJWK, generateKeyPair } from "jose";
import { defineConfig } from "vitest/config";
import { answerOutbound, outboundUrls, playRecordings, serveIdentityKeys } from "./src/testing/outbound.testing.ts";

const recordings = new URL("./src/features/opencode/recordings/", import.meta.url);
const readRecording = (name: string) => [name, readFileSync(new URL(name, recordings), "utf8")];
playRecordings(Object.fromEntries(readdirSync(recordings).map(readRecording)));

const keyPair = async (kid: string, alg = "ES256") => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { private: { ...(await exportJWK(privateKey)), kid }, public: { ...(await exportJWK(publicKey)), kid } };
};
const randomKey = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");

const [threadToken, serviceToken, accessToken] = await Promise.all([
  keyPair("thread-1"),
  keyPair("service-1"),
  keyPair("identity-1", "RS256"),
]);
serveIdentityKeys(JSON.stringify({ keys: [{ ...accessToken.public, alg: "RS256", use: "sig" }] }));

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: {
        outboundService: answerOutbound,
        // No program runs in these tests but by a double of the machine.
        serviceBindings: { CODEMODE: answerOutbound },
        // A real store of Miniflare's own.
        secretsStoreSecrets: Object.fromEntries(
          ["BOUND_KEY", "CHANGED_KEY"].map((name) => [
            `SECRETS_STORE_${name}`,
            { store_id: "tests", secret_name: name },
          ]),
        ),
        bindings: {
          APP_ORIGIN: "http://threadbox.localhost:3000",
          VIEW_BASE_ORIGIN: "http://sbx.threadbox.localhost:8787",
          CONVEX_URL: outboundUrls.convex,
          AUTH_ISSUER: outboundUrls.identity,
          AUTH_JWKS_URL: `${outboundUrls.identity}/jwks`,
          AUTH_AUDIENCE: "client_test",
          THREAD_TOKEN_JWKS: JSON.stringify({ keys: [threadToken.public] }),
          SERVICE_TOKEN_PRIVATE_JWK: JSON.stringify(serviceToken.private),
          SANDBOX_CREDENTIAL_KEY: randomKey(),
          SANDBOX_NAME_KEY: randomKey(),
          VAULT_KEYS: JSON.stringify({ keys: [{ kty: "oct", kid: "vault-1", k: randomKey() }] }),
          OPENAI_ISSUER_URL: outboundUrls.openAi,
          CODEX_URL: outboundUrls.openAi,
          OPENAI_API_URL: outboundUrls.openAiApi,
          ANTHROPIC_API_URL: outboundUrls.anthropicApi,
          MODEL_KEY_HOSTS: "ollama.internal:11434",
          SANDBOX_PROVIDER: "local",
          SANDBOX_HOST_URL: outboundUrls.sandboxHost,
          SANDBOX_HOST_TOKEN: "control-channel-token-of-the-tests",
          AGENTPOD_API_TOKEN: "api-token-of-the-tests-0123456789abcdef",
          METRICS_TOKEN: "metrics-token-of-the-tests-0123456789abcdef",
          OTEL_EXPORTER_OTLP_ENDPOINT: outboundUrls.collector,
          OTEL_EXPORTER_OTLP_HEADERS: "api-key=collector-key",
          // Only tests read these.
          TEST_THREAD_TOKEN_PRIVATE_JWK: JSON.stringify(threadToken.private),
          TEST_ACCESS_TOKEN_PRIVATE_JWK: JSON.stringify(accessToken.private),
          TEST_SERVICE_TOKEN_PUBLIC_JWK: JSON.stringify(serviceToken.public),
        },
      },
    }),
  ],
  test: {
    include: ["src/**/*.test.ts"],
    // With the cache a file's worker is sent all modules known so far in one message, more than workerd takes (32 MiB).
    fsModuleCache: false,
    // One worker evaluates the modules once for all files; no test shares ids with another.
    isolate: false,
    // Limits that end what hangs: however slow the machine, nothing here comes near them.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
