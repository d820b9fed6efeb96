import { secretKeepMsMax, secretLimits } from "@threadbox/contracts/secret-limits";
import { SecretName } from "@threadbox/contracts/secrets";
import { workerOperations } from "@threadbox/contracts/worker-api";
import { Clock, Effect, Option, Redacted, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import { log } from "../../platform/log.ts";
import type { VaultRefusedError } from "./errors.ts";
import type { SecretsBearer } from "./internal-secret.ts";
import { admitSandbox, plainAnswer, type SecretsDoor } from "./sandbox-door.ts";
import { SecretVault } from "./secret-vault.ts";
import { SecretsStore } from "./secrets-store.ts";

const bodyBytesMax = 16_384;

/** The secret that a call without names asks for. */
const gatewayToken = SecretName.make("CLAWDBOT_GATEWAY_TOKEN");

const Body = Schema.fromJsonString(Schema.Struct({ names: Schema.optionalKey(Schema.Array(Schema.String)) }));
const decodeBody = Schema.decodeUnknownOption(Body);
const decodeName = Schema.decodeUnknownOption(SecretName);

interface Found {
  readonly id: string;
  readonly value: string;
  readonly version: number;
  readonly expiresAt: number;
}
interface Missing {
  readonly status: number;
  readonly error: string;
}

const notFound: Missing = { status: 404, error: "Secret not found" };

const missingOf = ({ refusal }: VaultRefusedError): Missing => {
  if (refusal === "revoked") return { status: 410, error: "Secret revoked" };
  return { status: 500, error: "Failed to fetch secret" };
};

const isFound = (answer: Found | Missing): answer is Found => "value" in answer;

/** Of a name that the vault has never known. The store's values have no versions: who deploys changes them. */
const bound = Effect.fnUntraced(function* (name: SecretName, now: number) {
  const store = yield* SecretsStore;
  const value = yield* store.get(name);
  if (value === null) return notFound;
  return { id: `store:${name}`, value: Redacted.value(value), version: 1, expiresAt: now + secretKeepMsMax };
});

const lease = Effect.fnUntraced(function* (text: string, bearer: SecretsBearer, requestId: string) {
  const name = Option.getOrNull(decodeName(text));
  if (name === null) return notFound;
  const vault = yield* SecretVault;
  const now = yield* Clock.currentTimeMillis;
  return yield* vault.lease({ ...bearer, name, usage: "env", kind: "sandbox", host: null, requestId }).pipe(
    Effect.map(
      ({ id, value, version, expiresAt }): Found => ({
        id,
        value: Redacted.value(value),
        version,
        expiresAt: Math.min(now + secretKeepMsMax, expiresAt ?? Number.POSITIVE_INFINITY),
      }),
    ),
    Effect.catch((error) => (error.refusal === "notFound" ? bound(name, now) : Effect.succeed(missingOf(error)))),
  );
});

const fetched = ({ threadId, generation }: SecretsBearer, names: number, requestId: string) =>
  Effect.sync(() =>
    log("secrets.fetched", {
      message: "[Internal] Secrets fetched by container",
      ...{ threadId, generation, names, requestId },
    }),
  );

const answerNames = Effect.fnUntraced(function* (names: readonly string[], bearer: SecretsBearer, requestId: string) {
  if (names.length > secretLimits.namesMax)
    return plainAnswer(400, `Up to ${secretLimits.namesMax} names can be asked for at once`);
  const answers: [string, Found | Missing][] = [];
  for (const name of new Set(names)) answers.push([name, yield* lease(name, bearer, requestId)]);
  yield* fetched(bearer, answers.length, requestId);
  return Response.json({ secrets: Object.fromEntries(answers) });
});

const answerToken = Effect.fnUntraced(function* (bearer: SecretsBearer, requestId: string) {
  const answer = yield* lease(gatewayToken, bearer, requestId);
  if (!isFound(answer)) return plainAnswer(answer.status, answer.error);
  yield* fetched(bearer, 1, requestId);
  const { value: token, expiresAt, version } = answer;
  return Response.json({ token, expiresAt, version });
});

const readNames = Effect.fnUntraced(function* ({ request }: RouteRequest) {
  const read = Effect.tryPromise(() => readBytes(request, bodyBytesMax));
  const bytes = yield* Effect.catch(read, () => Effect.succeed(null));
  if (bytes === null) return null;
  if (bytes.byteLength === 0) return { names: undefined };
  return Option.getOrNull(decodeBody(new TextDecoder().decode(bytes)));
});

/** What a program in a sandbox may ask for: secrets for programs, in its own thread's scope. */
export const sandboxSecretRoutes: readonly Route<SecretsDoor | SecretVault | SecretsStore>[] = [
  {
    ...workerOperations.fetchSecrets,
    audience: "machine",
    handle: Effect.fn("fetchSecrets")(function* (routed) {
      const bearer = yield* admitSandbox(routed);
      if (bearer instanceof Response) return bearer;
      const body = yield* readNames(routed);
      if (body === null) return plainAnswer(400, "The body must be empty, or an object with a list of names");
      return body.names === undefined
        ? yield* answerToken(bearer, routed.requestId)
        : yield* answerNames(body.names, bearer, routed.requestId);
    }),
  },
  {
    ...workerOperations.fetchSecret,
    audience: "machine",
    handle: Effect.fn("fetchSecret")(function* (routed) {
      const bearer = yield* admitSandbox(routed);
      if (bearer instanceof Response) return bearer;
      const answer = yield* lease(routed.params.name ?? "", bearer, routed.requestId);
      if (!isFound(answer)) return plainAnswer(answer.status, answer.error);
      yield* fetched(bearer, 1, routed.requestId);
      return Response.json({ value: answer.value });
    }),
  },
];
