import { operatorToken } from "@threadbox/contracts/operator";
import { Clock, Effect, Redacted } from "effect";
import { importJWK, type JWK, jwtVerify } from "jose";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";

const refused = refuser({
  TokenMissing: "An operator's token is needed.",
  TokenInvalid: "The operator's token isn't valid, or is over.",
  OriginRejected: "Only an operator's command line may ask here.",
});

const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;

/** The public half of a key that signs. */
const publicHalf = ({ d: _, key_ops: _ops, ...rest }: JWK): JWK => rest;

/** Lets in who can sign as this installation does. A browser never can, so a request with an `Origin` is refused. */
export const requireOperator = Effect.fn("requireOperator")(function* (request: Request) {
  if (request.headers.has("origin")) return yield* refused("OriginRejected");
  const token = bearer.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return yield* refused("TokenMissing");
  const { serviceTokenPrivateJwk } = yield* WorkerConfig;
  const now = yield* Clock.currentTimeMillis;
  const { alg, type, issuer, audience, lifetimeSeconds } = operatorToken;
  yield* Effect.tryPromise({
    try: async () => {
      const key = await importJWK(publicHalf(JSON.parse(Redacted.value(serviceTokenPrivateJwk)) as JWK), alg);
      await jwtVerify(token, key, {
        algorithms: [alg],
        typ: type,
        issuer,
        audience,
        maxTokenAge: lifetimeSeconds,
        requiredClaims: ["exp", "iat"],
        currentDate: new Date(now),
      });
    },
    catch: () => refused("TokenInvalid"),
  });
});
