import { describe, expect, test } from "vitest";
import { webEnvironment } from "./config.testing.ts";
import { ConfigError, decodePort, decodeWebConfig } from "./config.ts";

describe("the web server's configuration", () => {
  test("every bad key is named at once, and nothing with it that may be a secret", () => {
    const decode = () =>
      decodeWebConfig({ ...webEnvironment, APP_ORIGIN: undefined, AUTH_API_PORT: "99999", CONVEX_URL: "hunter2" });
    expect(decode).toThrow(ConfigError);
    const problems = [
      "APP_ORIGIN is not set; it takes an origin",
      'AUTH_API_PORT is "99999", not a port number from 1 to 65535',
      "CONVEX_URL is not an http(s) address",
    ];
    for (const problem of problems) expect(decode).toThrow(problem);
    expect(decode).not.toThrow(/hunter2/);
  });

  test("a signing key without a kid is refused", () => {
    const { kid: _, ...jwk } = JSON.parse(webEnvironment.THREAD_TOKEN_PRIVATE_JWK);
    expect(() => decodeWebConfig({ ...webEnvironment, THREAD_TOKEN_PRIVATE_JWK: JSON.stringify(jwk) })).toThrow(
      "THREAD_TOKEN_PRIVATE_JWK is not a private ES256 JWK with a kid",
    );
  });

  test("an empty audience means that none is checked", () => {
    expect(decodeWebConfig({ ...webEnvironment, AUTH_AUDIENCE: "" }).accessTokens).not.toHaveProperty("audience");
  });

  test("the browser is told addresses and the client id, and nothing else", () => {
    expect(decodeWebConfig(webEnvironment).page).toEqual({
      appOrigin: "http://threadbox.localhost:3000",
      workerUrl: "http://localhost:8787",
      convexUrl: "http://localhost:3210",
      auth: { clientId: "client_local", apiHostname: "localhost", port: 4100, https: false, devMode: true },
    });
  });

  test("the port is the usual one unless another is given", () => {
    expect([decodePort({}), decodePort({ PORT: "0" })]).toEqual([3000, 0]);
    expect(() => decodePort({ PORT: "65536" })).toThrow('PORT is "65536", not a port number from 0 to 65535');
  });
});
