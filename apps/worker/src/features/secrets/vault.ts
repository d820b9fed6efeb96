import { DurableObject } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import type { CreateSecret, EndSecretVersion, RotateSecret, SecretId } from "@threadbox/contracts/secrets";
import { Clock, Effect, type Layer, ManagedRuntime } from "effect";
import { WorkerConfig } from "../../config.ts";
import { VaultBook } from "./book.ts";
import { AuditChain } from "./chain.ts";
import { vaultOutcome } from "./errors.ts";
import { type Change, type LeaseWish, VaultKeeper } from "./keeper.ts";
import { readMasterKeys } from "./master-keys.ts";
import { Resealing } from "./resealing.ts";
import { VaultView } from "./vault-view.ts";
import { VaultWriter } from "./vault-writer.ts";

/** One per installation: the adapter between the platform and what the vault decides. */
export class Vault extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<WorkerConfig, never>;
  readonly #keeper: VaultKeeper;
  readonly #resealing: Resealing;
  readonly #view: VaultView;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<WorkerConfig>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    const keys = readMasterKeys(this.#runtime.runSync(Effect.map(WorkerConfig, ({ vaultKeys }) => vaultKeys)));
    const book = new VaultBook(ctx.storage);
    const chain = new AuditChain(keys);
    const writer = new VaultWriter(book, chain);
    this.#keeper = new VaultKeeper(book, keys, writer);
    this.#resealing = new Resealing(book, keys, writer);
    this.#view = new VaultView(book, chain);
    // A master key that is not the current one any more is found at the first start without it in front.
    if (!this.#resealing.isDone) ctx.waitUntil(ctx.storage.setAlarm(1));
  }

  create(wish: CreateSecret, change: Change) {
    return vaultOutcome(this.#changed(this.#keeper.create(wish, change), change));
  }

  rotate(id: SecretId, wish: RotateSecret, change: Change) {
    return vaultOutcome(
      this.#changed(
        this.#keeper.rotate(id, wish, change).then(() => id),
        change,
      ),
    );
  }

  revoke(id: SecretId, wish: EndSecretVersion, change: Change) {
    return vaultOutcome(
      this.#changed(
        this.#keeper.revoke(id, wish, change).then(() => id),
        change,
      ),
    );
  }

  destroy(id: SecretId, wish: EndSecretVersion, change: Change) {
    return vaultOutcome(
      this.#changed(
        this.#keeper.destroy(id, wish, change).then(() => id),
        change,
      ),
    );
  }

  lease(wish: LeaseWish) {
    return vaultOutcome(this.#keeper.lease(wish));
  }

  bound(threadId: ThreadId) {
    return this.#view.bound(threadId);
  }

  list(now: number) {
    return this.#view.list(now);
  }

  audit(before: number | null, count: number) {
    return this.#view.audit(before, count);
  }

  override async alarm(): Promise<void> {
    const now = await this.#runtime.runPromise(Clock.currentTimeMillis);
    await this.#resealing.step(now);
    await this.#settle(now);
  }

  async #changed(work: Promise<SecretId>, { now }: Change) {
    const id = await work;
    await this.#settle(now);
    return this.#view.get(id, now);
  }

  async #settle(now: number): Promise<void> {
    const due = await this.#keeper.settle(now);
    const next = this.#resealing.isDone ? due : now;
    await (next === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(next));
  }
}
