import type { SecretId } from "@threadbox/contracts/secrets";
import type { StoredSecret, VaultBook } from "./book.ts";
import { vaultRefused } from "./errors.ts";

/** The secret of that id, where whoever asks may have it; to anybody else it isn't there. */
export const secretFor = (book: VaultBook, id: SecretId, may: (secret: StoredSecret) => boolean): StoredSecret => {
  const secret = book.find(id);
  if (secret === null || !may(secret)) throw vaultRefused("notFound");
  return secret;
};

export const versionIn = ({ versions }: StoredSecret, version: number) => {
  const facts = versions.find((known) => known.version === version);
  if (facts === undefined) throw vaultRefused("noVersion");
  return facts;
};
