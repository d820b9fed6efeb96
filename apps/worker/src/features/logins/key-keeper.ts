import type { ThreadId } from "@threadbox/contracts/ids";
import type { ModelDescription, ModelEffort } from "@threadbox/contracts/model";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { ModelKeyId } from "@threadbox/contracts/model-keys";
import { ownModel, withTraits } from "../model-keys/index.ts";
import type { KeyFacts, KeyModel, LoginBook, StoredKey } from "./book.ts";
import type { KeyAnswerer } from "./choices.ts";
import { loginRefused } from "./errors.ts";

/** A key's time of use is this exact, so that a busy turn does not write at every call. */
const usedMs = 60_000;

type KeyChoice = Extract<ModelChoice, { kind: "key" }>;

/** A key and its model that a thread uses; `key` null: it was removed. */
export interface KeyUse {
  readonly key: StoredKey | null;
  /** What is known of it. */
  readonly model: ModelDescription;
  /** What its user has chosen, where the model has it. */
  readonly effort?: ModelEffort;
}

/** What changes of a user's keys. */
export type KeyEdit =
  | { readonly kind: "add"; readonly key: StoredKey }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "value"; readonly version: number; readonly models: readonly ModelDescription[] }
  | { readonly kind: "tested"; readonly problem: string | null; readonly models: readonly ModelDescription[] | null }
  | { readonly kind: "remove" };

const isSame = (a: ModelChoice, b: ModelChoice): boolean => {
  if (a.kind === "login" && b.kind === "login") return a.loginId === b.loginId && a.modelId === b.modelId;
  if (a.kind === "key" && b.kind === "key") return a.keyId === b.keyId && a.modelId === b.modelId;
  return a.kind === b.kind;
};

/** A user's own keys, without their values, and which thread uses which. */
export class KeyKeeper {
  readonly #book: LoginBook;
  readonly #now: () => number;

  constructor(book: LoginBook, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  list(): readonly KeyFacts[] {
    return this.#book.keys().map(viewOf);
  }

  get(id: ModelKeyId): StoredKey {
    const key = this.#book.findKey(id);
    if (key === null) throw loginRefused("noKey");
    return key;
  }

  edit(id: ModelKeyId, edit: KeyEdit): void {
    if (edit.kind === "add") {
      if (this.#book.keys().length >= modelKeyLimits.keysMax) throw loginRefused("fullOfKeys");
      this.#book.writeKey(edit.key);
    } else if (edit.kind === "remove") {
      this.get(id);
      this.#book.deleteKey(id);
    } else this.#book.writeKey(this.#edited(this.get(id), edit));
  }

  #edited(key: StoredKey, edit: Exclude<KeyEdit, { kind: "add" | "remove" }>): StoredKey {
    if (edit.kind === "rename") return { ...key, name: edit.name };
    const { models } = edit;
    return {
      ...key,
      ...(edit.kind === "value" ? { version: edit.version } : {}),
      ...(models === null ? {} : { models }),
      tested: { at: this.#now(), problem: edit.kind === "tested" ? edit.problem : null },
    };
  }

  has({ keyId, modelId }: KeyModel): boolean {
    return this.#book.findKey(keyId)?.models.some(({ id }) => id === modelId) ?? false;
  }

  /** A model that the provider lists no longer is asked for all the same: it says itself what it thinks of it. */
  answererOf({ keyId, modelId }: KeyChoice): KeyAnswerer {
    const key = this.#book.findKey(keyId);
    return { keyId, model: modelOf(key, modelId), isGone: key === null };
  }

  /** A turn begins with that choice; null: it ends. */
  noteTurn(threadId: ThreadId, choice: ModelChoice | null): void {
    const turnKey = choice?.kind === "key" ? keyModelOf(choice) : null;
    const before = this.#book.thread(threadId).turnKey ?? null;
    if (JSON.stringify(before) !== JSON.stringify(turnKey)) this.#book.writeThread(threadId, { turnKey });
  }

  /** What the thread uses at this moment: its turn's key while one runs, else the chosen one; null: none. */
  inUse(threadId: ThreadId, choice: ModelChoice): KeyUse | null {
    const { turnKey = null } = this.#book.thread(threadId);
    const used = turnKey ?? (choice.kind === "key" ? choice : null);
    if (used === null) return null;
    const key = this.#book.findKey(used.keyId);
    const model = modelOf(key, used.modelId);
    const { effort } = used;
    const hasEffort = effort !== undefined && (model.traits?.efforts.includes(effort) ?? false);
    return { key, model, ...(hasEffort ? { effort } : {}) };
  }

  noteUse(id: ModelKeyId): void {
    const key = this.#book.findKey(id);
    const now = this.#now();
    if (key !== null && now - (key.lastUsedAt ?? 0) >= usedMs) this.#book.writeKey({ ...key, lastUsedAt: now });
  }

  /** Marks a choice, or takes the mark away; of too many the oldest marks go. */
  mark(choice: ModelChoice, isFavourite: boolean): void {
    const others = (this.#book.facts().favourites ?? []).filter((marked) => !isSame(marked, choice));
    const marked = isFavourite ? [...others, choice].slice(-modelKeyLimits.favouritesMax) : others;
    this.#book.write({ favourites: marked });
  }
}

const viewOf = ({ secretId: _, version: _version, named: _named, ...view }: StoredKey): KeyFacts => ({
  ...view,
  models: view.models.map((model) => withTraits(view.kind, model)),
});

const keyModelOf = ({ keyId, modelId, effort }: KeyChoice): KeyModel => ({
  keyId,
  modelId,
  ...(effort === undefined ? {} : { effort }),
});

const modelOf = (key: StoredKey | null, modelId: string): ModelDescription => {
  const kind = key?.kind ?? "compatible";
  return withTraits(kind, key?.models.find(({ id }) => id === modelId) ?? ownModel(kind, modelId));
};
