import type { Effect } from "effect";
import type { NamedHostsConfig } from "../../config.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { VaultBook } from "./book.ts";
import { AuditChain, type AuditDeed } from "./chain.ts";
import { EndBook } from "./end-book.ts";
import { VersionEnder } from "./ender.ts";
import { ExposureBook } from "./exposure-book.ts";
import { Followers } from "./followers.ts";
import { VaultKeeper } from "./keeper.ts";
import type { MasterKeys } from "./master-keys.ts";
import { OpenUses } from "./open-uses.ts";
import type { SecretProbes } from "./probes.ts";
import { Pusher, type PushPorts } from "./pusher.ts";
import { Resealing } from "./resealing.ts";
import { Rollouts } from "./rollout.ts";
import { RolloutBook } from "./rollout-book.ts";
import { RolloutKeeper } from "./rollout-keeper.ts";
import { rolloutPorts } from "./rollout-ports.ts";
import { Sealer } from "./sealer.ts";
import { VaultView } from "./vault-view.ts";
import { VaultWriter } from "./vault-writer.ts";

const endings: ReadonlySet<AuditDeed["action"]> = new Set(["secret.revoked", "secret.overlap_ended"]);

/** The vault, put together over its storage. */
export const vaultParts = (
  storage: DurableObjectStorage,
  keys: MasterKeys,
  run: <A>(work: Effect.Effect<A, never, Sandboxes | SecretProbes>) => Promise<A>,
  named: NamedHostsConfig,
  push: PushPorts,
) => {
  const book = new VaultBook(storage);
  const rolloutBook = new RolloutBook(storage);
  const exposures = new ExposureBook(storage);
  const ends = new EndBook(storage);
  const chain = new AuditChain(keys);
  const uses = new OpenUses();
  const followers = new Followers();
  /** Whoever holds a version that has ended is told before anybody else hears of it. */
  const onDeeds = (deeds: readonly AuditDeed[]) => {
    for (const { action, secretId } of deeds) if (endings.has(action)) uses.wake(secretId);
    followers.tell();
  };
  const writer = new VaultWriter(book, chain, onDeeds);
  const sealer = new Sealer(book, keys);
  const rolloutKeeper = new RolloutKeeper(book, rolloutBook, sealer, writer, named);
  const ports = rolloutPorts(run, (secretId) => rolloutBook.probe(secretId), new Pusher(book, exposures, sealer, push));
  return {
    keeper: new VaultKeeper(book, rolloutBook, exposures, sealer, writer, named),
    ender: new VersionEnder(book, ends, writer),
    rolloutKeeper,
    rollouts: new Rollouts(book, rolloutBook, rolloutKeeper, uses, ports),
    resealing: new Resealing(book, keys, writer),
    view: new VaultView({ book, chain, rollouts: rolloutBook, exposures, ends, uses }),
    exposures,
    uses,
    followers,
  };
};
