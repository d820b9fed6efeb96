import { serviceToken } from "@threadbox/contracts/service-token";
import type { AuthConfig } from "convex/server";

declare const process: { readonly env: Readonly<Record<string, string>> };

/** Convex Cloud refuses this file while a variable that it reads is not set, so "no audience" is said by a word. */
const { AUTH_ISSUER = "", AUTH_JWKS_URL = "", AUTH_AUDIENCE = "", SERVICE_JWKS_URL = "" } = process.env;
const isAudienceChecked = AUTH_AUDIENCE !== "" && AUTH_AUDIENCE !== "none";

export default {
  providers: [
    {
      type: "customJwt",
      issuer: AUTH_ISSUER,
      jwks: AUTH_JWKS_URL,
      algorithm: "RS256",
      ...(isAudienceChecked ? { applicationID: AUTH_AUDIENCE } : {}),
    },
    {
      type: "customJwt",
      issuer: serviceToken.issuer,
      jwks: SERVICE_JWKS_URL,
      algorithm: serviceToken.alg,
      applicationID: serviceToken.audience,
    },
  ],
} satisfies AuthConfig;
