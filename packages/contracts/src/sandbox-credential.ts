import { Schema } from "effect";
import { Generation, SandboxName, ThreadId } from "./ids.ts";

/**
 * What a sandbox holds in place of a provider key: an HS256 JWT that is good at the model gateway only, for one
 * thread and one generation. The worker signs and verifies it; it dies when the generation ends.
 */
export const sandboxCredential = {
  alg: "HS256",
  typ: "sandbox+jwt",
  issuer: "threadbox-worker",
  audience: "threadbox-model-gateway",
} as const;

export const SandboxCredentialClaims = Schema.Struct({
  iss: Schema.Literal(sandboxCredential.issuer),
  aud: Schema.Literal(sandboxCredential.audience),
  sandbox_name: SandboxName,
  thread_id: ThreadId,
  generation: Generation,
  /** Seconds since 1970. */
  iat: Schema.Int,
});
export type SandboxCredentialClaims = typeof SandboxCredentialClaims.Type;
