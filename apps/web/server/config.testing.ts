import type { Environment } from "@threadbox/contracts/settings";

/** A complete environment for tests; the key signs nothing outside them. */
export const webEnvironment = {
  APP_ORIGIN: "http://threadbox.localhost:3000",
  PUBLIC_WORKER_URL: "http://localhost:8787",
  PUBLIC_CONVEX_URL: "http://localhost:3210",
  CONVEX_URL: "http://127.0.0.1:3210",
  AUTH_CLIENT_ID: "client_local",
  AUTH_API_HOSTNAME: "localhost",
  AUTH_API_PORT: "4100",
  AUTH_API_HTTPS: "false",
  AUTH_DEV_MODE: "true",
  AUTH_ISSUER: "http://localhost:4100",
  AUTH_JWKS_URL: "http://localhost:4100/sso/jwks/client_local",
  AUTH_AUDIENCE: "client_local",
  THREAD_TOKEN_PRIVATE_JWK: JSON.stringify({
    kty: "EC",
    crv: "P-256",
    kid: "test",
    x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
  }),
} satisfies Environment;
