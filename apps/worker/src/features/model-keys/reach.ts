import { Effect } from "effect";
import { WorkerConfig } from "../../config.ts";
import { Outbound, PublicOutbound } from "../../platform/outbound.ts";
import { mayNameHost } from "../egress/index.ts";
import { readAddress } from "./address.ts";
import { modelKeyRefused } from "./errors.ts";
import { apiUrlOf, type KeyedProvider } from "./provider.ts";

/** Where a provider is at this moment, and the way to it. */
export interface ReachedProvider {
  readonly apiUrl: string;
  /** As a secret's hosts are kept. */
  readonly host: string;
  readonly fetcher: typeof fetch;
}

/**
 * The way to a provider, as far as the rules of this moment allow it: what the operator has set is reached wherever it is, an
 * address of a user's only where it is public and no admin has closed it.
 */
export const reachProvider = Effect.fn("reachProvider")(function* (provider: KeyedProvider) {
  const { ownModels } = yield* WorkerConfig;
  const apiUrl = apiUrlOf(provider, ownModels);
  const { host } = new URL(apiUrl);
  if (!(yield* mayNameHost(host))) return yield* modelKeyRefused("policy");
  if (provider.kind !== "compatible") return { apiUrl, host, fetcher: yield* Outbound } satisfies ReachedProvider;
  const read = readAddress(apiUrl, ownModels.hosts);
  if ("problem" in read) return yield* modelKeyRefused(read.problem);
  const fetcher = read.isOperators ? yield* Outbound : yield* PublicOutbound;
  return { apiUrl: read.url, host: read.host, fetcher } satisfies ReachedProvider;
});
