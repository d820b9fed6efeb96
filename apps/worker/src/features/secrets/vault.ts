import { DurableObject } from "cloudflare:workers";
import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type {
  ChangeSecretHosts,
  CreateSecret,
  EndSecretVersion,
  RollBackSecret,
  RotateSecret,
  SecretId,
  SecretName,
  SecretProbe,
} from "@threadbox/contracts/secrets";
import { Clock, Effect, type Layer, ManagedRuntime } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { Sandboxes } from "../sandbox/index.ts";
import { ThreadAccess } from "../threads/index.ts";
import type { Change } from "./deeds.ts";
import { vaultOutcome, vaultRefused } from "./errors.ts";
import type { Way } from "./exposure-book.ts";
import type { LeaseWish } from "./keeper.ts";
import { readMasterKeys } from "./master-keys.ts";
import { watchMsMax } from "./open-uses.ts";
import type { SecretProbes } from "./probes.ts";
import { TurnsNow } from "./turns-now.ts";
import { vaultParts } from "./vault-parts.ts";

/** What the vault needs of the rest of the worker. */
export type VaultServices = WorkerConfig | Sandboxes | SecretProbes | ThreadAccess | TurnsNow;

/** Who follows is let in anew after this long, so that whoever may not look any more soon does not. */
const followFor = "50 seconds";

/** One per installation: the adapter between the platform and what the vault decides. */
export class Vault extends DurableObject<Env> {
  readonly #runtime: ManagedRuntime.ManagedRuntime<VaultServices, never>;
  readonly #parts: ReturnType<typeof vaultParts>;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<VaultServices>) {
    super(ctx, env);
    this.#runtime = ManagedRuntime.make(supplies);
    const { vaultKeys, namedHosts } = this.#runtime.runSync(WorkerConfig);
    const keys = readMasterKeys(vaultKeys);
    this.#parts = vaultParts(ctx.storage, keys, (work) => this.#runtime.runPromise(work), namedHosts, {
      ownerOf: (threadId, name) => this.#runtime.runPromise(this.#ownerOf(threadId, name)),
      onGiven: (id, way, now) => ctx.waitUntil(this.#noteUse(id, way, now)),
      now: () => this.#runtime.runSync(Clock.currentTimeMillis),
    });
    // A master key that is not the current one any more is found at the first start without it in front.
    if (!this.#parts.resealing.isDone) ctx.waitUntil(ctx.storage.setAlarm(1));
  }

  create(wish: CreateSecret, change: Change) {
    return this.#changed(this.#parts.keeper.create(wish, change), change);
  }

  rotate(id: SecretId, wish: RotateSecret, change: Change) {
    return this.#changed(
      this.#parts.keeper.rotate(id, wish, change).then(() => id),
      change,
    );
  }

  rollBack(id: SecretId, wish: RollBackSecret, change: Change) {
    return this.#changed(
      this.#parts.rolloutKeeper.rollBack(id, wish, change).then(() => id),
      change,
    );
  }

  setProbe(id: SecretId, probe: SecretProbe | null, change: Change) {
    return this.#changed(
      this.#parts.rolloutKeeper.setProbe(id, probe, change).then(() => id),
      change,
    );
  }

  setHosts(id: SecretId, wish: ChangeSecretHosts, change: Change) {
    return this.#changed(
      this.#parts.rolloutKeeper.setHosts(id, wish, change).then(() => id),
      change,
    );
  }

  revoke(id: SecretId, wish: EndSecretVersion, change: Change) {
    return this.#changed(
      this.#parts.ender.revoke(id, wish, change).then(() => id),
      change,
    );
  }

  destroy(id: SecretId, wish: EndSecretVersion, change: Change) {
    return this.#changed(
      this.#parts.ender.destroy(id, wish, change).then(() => id),
      change,
    );
  }

  open(id: SecretId, reason: string, change: Change) {
    return vaultOutcome(this.#parts.keeper.open(id, reason, change));
  }

  retire(id: SecretId, reason: string, change: Change) {
    return this.#changed(
      this.#parts.ender.retire(id, reason, change).then(() => id),
      change,
    );
  }

  async lease(wish: LeaseWish) {
    const outcome = await vaultOutcome(this.#withOwner(wish).then((owned) => this.#parts.keeper.lease(owned)));
    if (outcome.isOk) {
      const { id, version } = outcome.value;
      this.ctx.waitUntil(this.#noteUse(id, { ...wish, version }, wish.now));
    }
    // A sandbox that has asked by itself may have been the last that was waited for.
    if (outcome.isOk && wish.kind === "sandbox" && this.#parts.view.hasOverlap(outcome.value.id))
      this.ctx.waitUntil(this.#drive());
    return outcome;
  }

  /** For programs what is the thread's owner's own counts too; what is for the worker is wanted of whom it names. */
  async #withOwner(wish: LeaseWish): Promise<LeaseWish> {
    if (wish.usage === "internal") return wish;
    const { userId: _, ...rest } = wish;
    // What is everybody's may not be meant: while nobody can say, nothing is handed out.
    const userId = await this.#runtime.runPromise(
      Effect.mapError(this.#ownerOf(wish.threadId, wish.name), () => vaultRefused("unreachable", wish.name)),
    );
    return userId === null ? rest : { ...rest, userId };
  }

  /** Asked only where it can matter: where a user has a secret for programs, of that name where one is meant. */
  #ownerOf(threadId: ThreadId, name: SecretName | null) {
    return this.#parts.view.hasOfUsers(name)
      ? ThreadAccess.use((access) => access.ownerOf(threadId))
      : Effect.succeed(null);
  }

  /** Beside the way, which stands already: nobody waits for the thread to say what it is doing. */
  async #noteUse(id: SecretId, { version, kind, threadId, host }: Way, now: number): Promise<void> {
    const doing = await this.#runtime.runPromise(TurnsNow.use((turns) => turns.of(threadId)));
    if (doing === null) return;
    this.#parts.exposures.noteUse(id, { version, kind, threadId, host }, doing, now);
    this.#parts.followers.tell();
  }

  /** Whether that version may still be used. Answers when it may not, or after a while, to be asked again. */
  async watchUse(useId: string, of: { readonly secretId: SecretId; readonly version: number }): Promise<boolean> {
    const { uses, view, followers } = this.#parts;
    if (!view.isUsable(of.secretId, of.version, await this.#now())) return false;
    followers.tell();
    await uses.watch(useId, of, await this.#now(), this.#runtime.runPromise(Effect.sleep(watchMsMax)));
    return view.isUsable(of.secretId, of.version, await this.#now());
  }

  /** That request is over; it may have been the last that an older version was kept for. */
  async endUse(useId: string): Promise<void> {
    const use = this.#parts.uses.end(useId);
    if (use === undefined) return;
    this.#parts.followers.tell();
    if (this.#parts.view.hasOverlap(use.secretId)) await this.#drive();
  }

  /** While nobody can say whose the thread is, without what is its owner's: who then uses a handle is refused at the lease. */
  async bound(threadId: ThreadId) {
    const owner = Effect.orElseSucceed(this.#ownerOf(threadId, null), () => null);
    return this.#parts.view.bound(threadId, await this.#runtime.runPromise(owner));
  }

  list(now: number) {
    return this.#parts.view.list(now);
  }

  listOf(userId: UserId, now: number) {
    return this.#parts.view.listOf(userId, now);
  }

  /** What users keep, for an admin: no value is in it. */
  listOfUsers(find: string, count: number, now: number) {
    return this.#parts.view.listOfUsers(find, count, now);
  }

  /** By their names, what an admin has ended of what that user keeps and hasn't given a new value. */
  endsOf(userId: UserId) {
    return this.#parts.view.endsOf(userId);
  }

  exposures(id: SecretId, count: number) {
    return this.#parts.exposures.list(id, count);
  }

  /** A line for every change. */
  follow(): ReadableStream<Uint8Array> {
    return this.#parts.followers.follow(this.#runtime.runPromise(Effect.sleep(followFor)));
  }

  audit(before: number | null, count: number, find = "") {
    return this.#parts.view.audit(before, count, find);
  }

  override async alarm(): Promise<void> {
    const now = await this.#now();
    await this.#parts.resealing.step(now);
    await this.#settle(now);
  }

  #now(): Promise<number> {
    return this.#runtime.runPromise(Clock.currentTimeMillis);
  }

  #changed(work: Promise<SecretId>, { now }: Change) {
    const settled = async () => {
      const id = await work;
      await this.#settle(now);
      return this.#parts.view.get(id, now);
    };
    return vaultOutcome(settled());
  }

  /** Writes down what has become due, and goes on with what has to be brought about, without waiting for it. */
  async #settle(now: number): Promise<void> {
    const due = await this.#parts.keeper.settle(now);
    await this.#alarmAt(due, now);
    this.ctx.waitUntil(this.#drive());
  }

  async #drive(): Promise<void> {
    const again = await this.#parts.rollouts.drive(() => this.#runtime.runSync(Clock.currentTimeMillis));
    const due = this.#parts.keeper.nextChangeAt();
    const next = again === null ? due : Math.min(due ?? Number.POSITIVE_INFINITY, again);
    await this.#alarmAt(next, await this.#now());
  }

  async #alarmAt(due: number | null, now: number): Promise<void> {
    const next = this.#parts.resealing.isDone ? due : now;
    await (next === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(next));
  }
}
