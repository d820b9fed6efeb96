import { describe, expect, test } from "vitest";
import { webEnvironment } from "./config.testing.ts";
import { ConfigError, decodeWebConfig } from "./config.ts";

describe("the web server's configuration", () => {
  test("every bad key is named at once, and no value with it", () => {
    const decode = () =>
      decodeWebConfig({ ...webEnvironment, APP_ORIGIN: undefined, AUTH_API_PORT: "99999", CONVEX_URL: "hunter2" });
    expect(decode).toThrow(ConfigError);
    for (const problem of ["APP_ORIGIN is not set", "AUTH_API_PORT is not a port number", "CONVEX_URL is not an http"])
      expect(decode).toThrow(problem);
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
});
