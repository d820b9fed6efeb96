import { Effect, type Redacted } from "effect";
import { SandboxUnavailableError, type StartContributor } from "../sandbox/index.ts";
import { SecretVault } from "../secrets/index.ts";
import { handleMaker } from "./handles.ts";

/** Names that mean something in every sandbox already. */
const taken =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|TERM|TMPDIR|[A-Z_]*_PROXY|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|GIT_SSL_CAINFO|PIP_CERT|CARGO_HTTP_CAINFO|JAVA_TOOL_OPTIONS|WORKER_PORT|INTERNAL_API_SECRET|SECRETS_BASE_URL|SECRETS_AGENT|(?:OPENCODE|LD|GIT_CONFIG)_.*)$/;

/** Gives programs a handle for each secret that is put into their requests, by the secret's name. */
export const contributeHandles = (
  key: Redacted.Redacted<Uint8Array>,
): Effect.Effect<StartContributor, never, SecretVault> =>
  SecretVault.useSync(
    (vault): StartContributor =>
      Effect.fnUntraced(function* ({ threadId }) {
        const secrets = yield* Effect.mapError(
          vault.bound(threadId),
          ({ message }) => new SandboxUnavailableError({ reason: message }),
        );
        const environment = yield* Effect.promise(async () => {
          const makeHandle = await handleMaker(key);
          const named = secrets.filter(({ name }) => !taken.test(name));
          const pairs = named.map(async ({ name }) => [name, await makeHandle(threadId, name)] as const);
          return Object.fromEntries(await Promise.all(pairs));
        });
        return { environment };
      }),
  );
