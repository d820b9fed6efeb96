import type { ModelDescription } from "@threadbox/contracts/model";
import { Effect, Redacted } from "effect";
import { readBytes } from "../../http/body.ts";
import { type KeyedProvider, keyHeaders, listingUrl, modelsIn, ownModel, providerName } from "./provider.ts";
import { type ReachedProvider, reachProvider } from "./reach.ts";

const answerSeconds = 15;
const listingBytesMax = 4 * 1024 * 1024;

/** What a provider makes of a key: its models, or why it isn't good, in words. */
export type TriedKey =
  | { readonly models: readonly ModelDescription[]; readonly problem: null }
  | { readonly problem: string };

interface Answer {
  readonly status: number;
  readonly text: string;
}

const ask = (fetcher: typeof fetch, url: string, init: RequestInit) =>
  Effect.tryPromise(async (signal): Promise<Answer> => {
    const response = await fetcher(url, { ...init, redirect: "manual", signal });
    const bytes = await readBytes(response, listingBytesMax);
    return { status: response.status, text: bytes === null ? "" : new TextDecoder().decode(bytes) };
  }).pipe(
    Effect.timeoutOption(`${answerSeconds} seconds`),
    Effect.map((answer) => (answer._tag === "Some" ? answer.value : "silent")),
    Effect.catch(() => Effect.succeed("unreachable" as const)),
  );

/** Of what the provider says only the status counts: its words may hold the key. */
const problemOf = (name: string, answer: Answer | "silent" | "unreachable"): string | null => {
  if (answer === "unreachable") return `Couldn't reach ${name}.`;
  if (answer === "silent") return `${name} didn't answer within ${answerSeconds} seconds.`;
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) return `${name} doesn't accept this key.`;
  if (status === 402) return `${name} says that this key's account has nothing left to spend.`;
  if (status === 429) return `${name} is limiting requests with this key. Try again later.`;
  if (status >= 300 && status < 400) return `${name} sent a redirect, which isn't followed.`;
  return `${name} answered with status ${status}.`;
};

/** One word from one model: what an endpoint lists to everybody proves nothing of a key. */
const askModel = ({ fetcher, apiUrl }: ReachedProvider, model: string, key: string) =>
  ask(fetcher, `${apiUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...keyHeaders("compatible", key) },
    body: JSON.stringify({ model, max_tokens: 1, messages: [{ role: "user", content: "Hi" }] }),
  });

/** A compatible endpoint: its listing, as far as it has one, and where that is open to everybody an answer of a model. */
const tryCompatible = Effect.fnUntraced(function* (
  reached: ReachedProvider,
  name: string,
  named: readonly string[],
  key: string,
) {
  const url = listingUrl("compatible", reached.apiUrl);
  const listed = yield* ask(reached.fetcher, url, { headers: keyHeaders("compatible", key) });
  const problem = problemOf(name, listed);
  const isWithoutListing = typeof listed !== "string" && [404, 405, 501].includes(listed.status);
  if (problem !== null && !isWithoutListing) return { problem } satisfies TriedKey;
  const offered = typeof listed === "string" || isWithoutListing ? [] : modelsIn("compatible", listed.text);
  if (offered === null) return { problem: `${name} doesn't answer as a model API does. Check the address.` };
  const models = named.length > 0 ? named.map((id) => ownModel("compatible", id)) : offered;
  const [first] = models;
  if (first === undefined) return { problem: `${name} doesn't list its models. Name at least one.` };
  const open = isWithoutListing || problemOf(name, yield* ask(reached.fetcher, url, {})) === null;
  const refusal = open ? problemOf(name, yield* askModel(reached, first.id, key)) : null;
  return refusal === null ? { models, problem: null } : { problem: refusal };
});

/**
 * Asks the provider for its models with that key: the smallest request that only a good key is answered. `named`: models of a
 * compatible endpoint that its user has named. Fails where the address may not be asked at all.
 */
export const tryKey = Effect.fn("tryKey")(function* (
  provider: KeyedProvider,
  named: readonly string[],
  value: Redacted.Redacted<string>,
) {
  const reached = yield* reachProvider(provider);
  const name = providerName(provider);
  const key = Redacted.value(value);
  const { kind } = provider;
  if (kind === "compatible") return (yield* tryCompatible(reached, name, named, key)) satisfies TriedKey;
  const listed = yield* ask(reached.fetcher, listingUrl(kind, reached.apiUrl), { headers: keyHeaders(kind, key) });
  const problem = problemOf(name, listed);
  if (problem !== null || typeof listed === "string") return { problem: problem ?? "" } satisfies TriedKey;
  const models = modelsIn(kind, listed.text);
  if (models === null) return { problem: `${name} doesn't answer as a model API does.` } satisfies TriedKey;
  return (
    models.length === 0 ? { problem: `${name} has no model for this key.` } : { models, problem: null }
  ) satisfies TriedKey;
});
