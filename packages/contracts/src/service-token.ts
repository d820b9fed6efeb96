/**
 * The JWT with which the worker speaks to Convex as a machine. Convex lists its issuer as a second
 * custom-JWT provider; functions built with `serviceMutation` accept it and nothing else.
 */
export const serviceToken = {
  alg: "ES256",
  issuer: "https://threadbox.invalid/service",
  audience: "threadbox-convex",
  subject: "service:worker",
  lifetimeSeconds: 120,
} as const;
