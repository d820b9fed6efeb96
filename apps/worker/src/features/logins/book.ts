import type { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import type { LoginId, LoginView } from "@threadbox/contracts/logins";
import type { ModelEffort } from "@threadbox/contracts/model";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import type { ModelKeyId, ModelKeyView } from "@threadbox/contracts/model-keys";
import type { SecretId } from "@threadbox/contracts/secrets";
import type { SealedValue } from "../secrets/index.ts";
import type { StoredChoice } from "./choices.ts";
import { deedOf, type LoginDeed } from "./deeds.ts";
import type { StoredFlow } from "./device-flow.ts";

/** A login as it is kept: what a page may see, and the tokens sealed. */
export interface StoredLogin extends Omit<LoginView, "isDefault"> {
  readonly accountId: string;
  /** Counts the tokens of this login, from 1. */
  readonly version: number;
  /** The tokens of `version`. */
  readonly sealed: SealedValue;
  /** The version whose refresh token has been sent to OpenAI; null: none is on its way. Written before it is sent. */
  readonly refreshing: number | null;
}

/** What is known here of a key; whether an admin has ended its value, only the vault knows. */
export type KeyFacts = Omit<ModelKeyView, "ended">;

/** A key as it is kept here; its value is the vault's. */
export interface StoredKey extends KeyFacts {
  readonly secretId: SecretId;
  /** Of the value. */
  readonly version: number;
  /** Models that its user has named. */
  readonly named: readonly string[];
}

/** A model of one of the user's keys. */
export interface KeyModel {
  readonly keyId: ModelKeyId;
  readonly modelId: string;
  readonly effort?: ModelEffort;
}

/** What a thread has to do with its user's logins. */
export interface StoredThread {
  readonly choice: StoredChoice;
  /** The login that answers the turn which runs; null or absent: none does. */
  readonly turnLoginId?: LoginId | null;
  /** The same of a key and its model. */
  readonly turnKey?: KeyModel | null;
  /** The thread's right to use a login, sealed for this user and thread; null: none was given yet. */
  readonly binding: SealedValue | null;
  /** The start whose OpenCode has the handles of the binding and uses them. */
  readonly loadedIn: Generation | null;
  /** The start whose OpenCode was given handles. */
  readonly givenTo: Generation | null;
}

export interface LoginFacts {
  readonly userId: UserId;
  readonly revision: number;
  readonly defaultId: LoginId | null;
  readonly isForNewThreads: boolean;
  readonly disconnectedAt: number | null;
  readonly flow: StoredFlow | null;
  /** When the last codes were asked for. */
  readonly starts: readonly number[];
  readonly favourites?: readonly ModelChoice[];
}

/** A Durable Object's synchronous storage. What is written without a pause in between is written together or not at all. */
export interface LoginStorage {
  get<T>(key: string): T | undefined;
  put<T>(key: string, value: T): void;
  delete(key: string): boolean;
  list<T>(options: { readonly prefix: string }): Iterable<[string, T]>;
}

const noFacts: Omit<LoginFacts, "userId"> = {
  revision: 0,
  defaultId: null,
  isForNewThreads: true,
  disconnectedAt: null,
  flow: null,
  starts: [],
};

const noThread: StoredThread = { choice: { kind: "default" }, binding: null, loadedIn: null, givenTo: null };

/** The books of one user's logins. */
export class LoginBook {
  readonly #storage: LoginStorage;
  /** Called after a change that a page can see. */
  readonly #changed: () => void;
  /** Told of what has become of a login. */
  readonly #done: (deed: LoginDeed, id: LoginId) => void;

  constructor(storage: LoginStorage, changed: () => void, done: (deed: LoginDeed, id: LoginId) => void = () => {}) {
    this.#storage = storage;
    this.#changed = changed;
    this.#done = done;
  }

  /** Null before this user has ever asked for anything. */
  findFacts(): LoginFacts | null {
    return this.#storage.get<LoginFacts>("facts") ?? null;
  }

  facts(): LoginFacts {
    const facts = this.findFacts();
    if (facts === null) throw new Error("The logins belong to nobody yet.");
    return facts;
  }

  /** Says whose logins these are; nobody else's ever. */
  belongTo(userId: UserId): LoginFacts {
    const facts = this.findFacts() ?? { ...noFacts, userId };
    if (facts.userId !== userId) throw new Error("These logins are another user's.");
    if (this.findFacts() === null) this.#storage.put("facts", facts);
    return facts;
  }

  write(change: Partial<Omit<LoginFacts, "userId" | "revision">>): void {
    const facts = this.facts();
    this.#storage.put("facts", { ...facts, ...change, revision: facts.revision + 1 });
    this.#changed();
  }

  logins(): readonly StoredLogin[] {
    const all = [...this.#storage.list<StoredLogin>({ prefix: "login:" })].map(([, login]) => login);
    return all.sort((a, b) => a.connectedAt - b.connectedAt || (a.id < b.id ? -1 : 1));
  }

  find(id: LoginId): StoredLogin | null {
    return this.#storage.get<StoredLogin>(`login:${id}`) ?? null;
  }

  writeLogin(login: StoredLogin): void {
    const deed = deedOf(this.find(login.id), login);
    this.#storage.put(`login:${login.id}`, login);
    this.write({});
    if (deed !== null) this.#done(deed, login.id);
  }

  deleteLogin(id: LoginId): void {
    this.#storage.delete(`login:${id}`);
    this.write({});
  }

  keys(): readonly StoredKey[] {
    const all = [...this.#storage.list<StoredKey>({ prefix: "key:" })].map(([, key]) => key);
    return all.sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));
  }

  findKey(id: ModelKeyId): StoredKey | null {
    return this.#storage.get<StoredKey>(`key:${id}`) ?? null;
  }

  writeKey(key: StoredKey): void {
    this.#storage.put(`key:${key.id}`, key);
    this.write({});
  }

  deleteKey(id: ModelKeyId): void {
    this.#storage.delete(`key:${id}`);
    this.write({});
  }

  thread(threadId: ThreadId): StoredThread {
    return this.#storage.get<StoredThread>(`thread:${threadId}`) ?? noThread;
  }

  threads(): readonly (readonly [ThreadId, StoredThread])[] {
    const prefix = "thread:";
    return [...this.#storage.list<StoredThread>({ prefix })].map(
      ([key, thread]) => [key.slice(prefix.length) as ThreadId, thread] as const,
    );
  }

  writeThread(threadId: ThreadId, change: Partial<StoredThread>): void {
    this.#storage.put(`thread:${threadId}`, { ...this.thread(threadId), ...change });
  }
}
