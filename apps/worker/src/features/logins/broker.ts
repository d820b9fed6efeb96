import type { LoginId } from "@threadbox/contracts/logins";
import { SealBrokenError } from "../secrets/index.ts";
import type { StoredLogin } from "./book.ts";
import { loginRefused } from "./errors.ts";
import type { OnceResult, Tokens } from "./openai.ts";
import type { LoginSeals, LoginTokens } from "./seals.ts";

/** An access token for one call. */
export interface AccessLease {
  readonly accessToken: string;
  readonly accountId: string;
  readonly version: number;
}

export interface BrokerBook {
  find(id: LoginId): StoredLogin | null;
  /** Durable before anything that is sent afterwards leaves. */
  writeLogin(login: StoredLogin): void;
}

export interface Refresher {
  refresh(refreshToken: string): Promise<OnceResult<Tokens>>;
}

export interface BrokerHost {
  readonly now: () => number;
  /** Told of what has happened to a login; nothing of a token is among it. */
  readonly note: (event: string, fields: { readonly loginId: LoginId; readonly outcome: string }) => void;
}

/** A token that ends sooner than this is replaced before it is used. */
export const aheadMs = 5 * 60_000;

const words = {
  refused: "ChatGPT signed you out. Your threads are safe.",
  unknown: "OpenAI didn't answer while your login was renewed, so it can't be used any more. Your threads are safe.",
  broken: "This login can't be opened any more. Your threads are safe.",
} as const;

export const tokensOf = ({ accessToken, refreshToken, lifetimeMs }: Tokens, now: number): LoginTokens => ({
  accessToken,
  refreshToken,
  accessExpiresAt: now + lifetimeMs,
});

/**
 * The only refresher of a user's logins. A refresh token is good once, and a second use can end the whole grant: so a
 * refresh is noted before it is sent, its tokens are kept before they are used, and one whose end is not known is never
 * tried again.
 */
export class LoginBroker {
  readonly #book: BrokerBook;
  readonly #seals: LoginSeals;
  readonly #refresher: Refresher;
  readonly #now: () => number;
  readonly #note: BrokerHost["note"];
  readonly #flights = new Map<LoginId, Promise<void>>();

  constructor(book: BrokerBook, seals: LoginSeals, refresher: Refresher, { now, note }: BrokerHost) {
    this.#book = book;
    this.#seals = seals;
    this.#refresher = refresher;
    this.#now = now;
    this.#note = note;
  }

  /** `rejected`: the version that OpenAI has just refused; null: none. Rejects with LoginRefusedError. */
  async lease(id: LoginId, rejected: number | null): Promise<AccessLease> {
    const { login, tokens } = await this.#open(id);
    const remainingMs = tokens.accessExpiresAt - this.#now();
    if (rejected !== login.version && remainingMs > aheadMs) return leaseOf(login, tokens);
    await this.#refreshOnce(id, login.version);
    const renewed = await this.#open(id);
    const isSame = renewed.login.version === login.version;
    // OpenAI wants to be asked later: what is left of the old token's time is used.
    if (isSame && (rejected === login.version || remainingMs <= 0)) throw loginRefused("openAiUnreachable");
    return leaseOf(renewed.login, renewed.tokens);
  }

  /** OpenAI refuses tokens that it has just given. */
  signOut(id: LoginId, version: number): void {
    const login = this.#book.find(id);
    if (login?.version === version) this.#end(login, "refused");
  }

  async #open(id: LoginId): Promise<{ login: StoredLogin; tokens: LoginTokens }> {
    const login = this.#book.find(id);
    if (login === null) throw loginRefused("handleRefused");
    if (login.state === "reauth") throw loginRefused("reauth");
    try {
      const tokens = await this.#seals.openTokens(id, login.version, login.sealed);
      if (login.sealed.kid !== this.#seals.currentKid) await this.#reseal(login, tokens);
      return { login, tokens };
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      const current = this.#book.find(id);
      // Another version was written while this one was opened.
      if (current !== null && current.version !== login.version) return this.#open(id);
      if (current !== null) this.#end(current, "broken");
      throw loginRefused("broken");
    }
  }

  /** The same tokens under the master key of now, so that the one before can go. */
  async #reseal({ id, version, sealed }: StoredLogin, tokens: LoginTokens): Promise<void> {
    const again = await this.#seals.sealTokens(id, version, tokens);
    const current = this.#book.find(id);
    if (current?.version === version && current.sealed.kid === sealed.kid)
      this.#book.writeLogin({ ...current, sealed: again });
  }

  /** Whoever comes while a refresh is on its way waits for that one. */
  #refreshOnce(id: LoginId, version: number): Promise<void> {
    const flight = this.#flights.get(id) ?? this.#refresh(id, version).finally(() => this.#flights.delete(id));
    this.#flights.set(id, flight);
    return flight;
  }

  async #refresh(id: LoginId, version: number): Promise<void> {
    const { tokens } = await this.#open(id);
    // As it is now that it was opened: between this look and the note nothing comes.
    const login = this.#book.find(id);
    if (login === null || login.version !== version || login.state !== "connected") return;
    if (login.refreshing !== null) return this.#end(login, "unknown");
    this.#book.writeLogin({ ...login, refreshing: version });
    const result = await this.#refresher.refresh(tokens.refreshToken);
    this.#note("login.refreshed", { loginId: id, outcome: result.kind });
    const sealed =
      result.kind === "done"
        ? await this.#seals.sealTokens(id, version + 1, tokensOf(result.value, this.#now()))
        : login.sealed;
    // Disconnected, or connected anew, while OpenAI was asked.
    const current = this.#book.find(id);
    if (current === null || current.version !== version || current.state !== "connected") return;
    if (result.kind === "done") {
      this.#book.writeLogin({ ...current, version: version + 1, sealed, refreshing: null });
    } else if (result.kind === "later") this.#book.writeLogin({ ...current, refreshing: null });
    else this.#end(current, result.kind);
  }

  #end(login: StoredLogin, why: keyof typeof words): void {
    this.#note("login.ended", { loginId: login.id, outcome: why });
    this.#book.writeLogin({ ...login, state: "reauth", reauthAt: this.#now(), reason: words[why], refreshing: null });
  }
}

const leaseOf = ({ accountId, version }: StoredLogin, { accessToken }: LoginTokens): AccessLease => ({
  accessToken,
  accountId,
  version,
});
