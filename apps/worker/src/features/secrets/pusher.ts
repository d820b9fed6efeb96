import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type { TellSecret } from "@threadbox/contracts/sandbox-host";
import { secretKeepMsMax } from "@threadbox/contracts/secret-limits";
import type { SecretHolder, SecretName } from "@threadbox/contracts/secrets";
import type { StoredSecret, VaultBook } from "./book.ts";
import type { ExposureBook, Way } from "./exposure-book.ts";
import { scopesOf } from "./scope.ts";
import type { Sealer } from "./sealer.ts";
import { versionToLease } from "./versions.ts";

type Pushed = NonNullable<TellSecret["current"]>;

/** A longer value is asked for by who was told, in characters. */
const pushedCharsMax = 16_384;

export interface PushPorts {
  /** Whose the thread is, where that can matter to a secret of that name. Rejects where nobody can say. */
  readonly ownerOf: (threadId: ThreadId, name: SecretName) => Promise<UserId | null>;
  /** It has gone that way. */
  readonly onGiven: (secretId: StoredSecret["id"], way: Way, now: number) => void;
  readonly now: () => number;
}

/** Finds the value that goes along with the word that a secret has changed, so that nobody has to ask for it. */
export class Pusher {
  readonly #book: VaultBook;
  readonly #exposures: ExposureBook;
  readonly #sealer: Sealer;
  readonly #ports: PushPorts;

  constructor(book: VaultBook, exposures: ExposureBook, sealer: Sealer, ports: PushPorts) {
    this.#book = book;
    this.#exposures = exposures;
    this.#sealer = sealer;
    this.#ports = ports;
  }

  /** What that sandbox would be given if it asked for the name now; null where it has to ask. */
  async valueFor(secret: StoredSecret, holder: SecretHolder): Promise<Pushed | null> {
    const { kind, threadId } = holder;
    try {
      const owner = await this.#ports.ownerOf(threadId, secret.name);
      const before = this.#leasable(secret, threadId, owner);
      if (before === null) return null;
      const value = await this.#sealer.open(secret, before.version);
      // It may have ended while it was opened.
      const facts = this.#leasable(secret, threadId, owner);
      if (facts?.version !== before.version || value.length > pushedCharsMax) return null;
      const now = this.#ports.now();
      const way = { version: facts.version, kind, threadId, host: null };
      this.#exposures.note(secret.id, way, now);
      this.#ports.onGiven(secret.id, way, now);
      const expiresAt = Math.min(now + secretKeepMsMax, facts.expiresAt ?? Number.POSITIVE_INFINITY);
      return { value, version: facts.version, expiresAt };
    } catch {
      return null;
    }
  }

  /** The version that is handed out, where the closest of that name is this one and programs may read it. */
  #leasable({ id, name }: StoredSecret, threadId: ThreadId, owner: UserId | null) {
    const found = scopesOf(threadId, owner).flatMap((scope) => this.#book.findNamed(name, scope) ?? []);
    const closest = found.find(({ keptBy }) => keptBy !== "nobody");
    if (closest?.id !== id || closest.usage !== "env") return null;
    const version = versionToLease(closest, this.#ports.now());
    return closest.versions.find((facts) => facts.version === version) ?? null;
  }
}
