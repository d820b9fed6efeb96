import { call, text } from "@threadbox/model-double/answer";
import { responseOf } from "@threadbox/model-double/responses";

/** What a user, or OpenAI, does with a code next. `pending`: nothing yet. */
export type FakeVerdict = "pending" | "approved" | "denied" | "expired" | "slow_down" | "malformed" | "fault";

interface Grant {
  readonly account: FakeAccount;
  /** The code that it came of. */
  readonly userCode: string;
  refreshes: number;
  isRevoked: boolean;
  access: string;
  refresh: string;
}

export interface FakeAccount {
  readonly id: string;
  readonly email: string;
  readonly plan: string;
}

export interface FakeOptions {
  readonly now: () => number;
  /** Life of an access token, in seconds. */
  readonly accessSeconds: number;
  readonly intervalSeconds: number;
  readonly account: FakeAccount;
  /** How the next calls of `/oauth/token` fail, in their order; `lost`: it happens, and the answer never comes. */
  readonly tokenFaults: readonly ("none" | "fault" | "lost" | "limit")[];
  /** How it answers who asks for what is left of a plan. */
  readonly usage: "known" | "malformed" | "fault";
}

const usual: FakeOptions = {
  now: Date.now,
  accessSeconds: 3_600,
  intervalSeconds: 1,
  account: { id: "acct_canary_7d1c", email: "ada@example.com", plan: "plus" },
  tokenFaults: [],
  usage: "known",
};

const encode = (value: unknown): string =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const json = (body: unknown, status = 200): Response => Response.json(body, { status });

/** Values by which a hunt finds a token that has gone astray. */
export const tokenCanary = "canary-9b2f";

/**
 * OpenAI as far as Codex's login needs it: device authorization, tokens, Codex's endpoint, and a plan's usage. A refresh token is good
 * once; used again it ends the whole grant, as at OpenAI.
 */
export class FakeOpenAi {
  options: FakeOptions;
  readonly #codes = new Map<string, { readonly userCode: string; verdict: FakeVerdict; isUsed: boolean }>();
  readonly #authorizations = new Map<string, Pick<Grant, "account" | "userCode">>();
  readonly #byAccess = new Map<string, Grant>();
  readonly #byRefresh = new Map<string, Grant>();
  /** Calls that came, by path. */
  readonly calls: string[] = [];
  /** What Codex's endpoint was asked with. */
  readonly asked: {
    readonly account: string | null;
    readonly session: string | null;
    readonly model: string;
    /** The conversation as OpenCode tells it, as JSON. */
    readonly input: string;
  }[] = [];
  refreshes = 0;
  /** Refresh tokens that came a second time. */
  reuses = 0;
  #serial = 0;
  #lastCommand: string | null = null;

  constructor(options: Partial<FakeOptions> = {}) {
    this.options = { ...usual, ...options };
  }

  #next(what: string): string {
    this.#serial += 1;
    return `${what}_${tokenCanary}_${this.#serial}`;
  }

  get userCodes(): readonly string[] {
    return [...this.#codes.values()].map(({ userCode }) => userCode);
  }

  /** Decides about that code; about the last one where none is named. */
  decide(verdict: FakeVerdict, userCode = this.userCodes.at(-1)): void {
    for (const code of this.#codes.values()) if (code.userCode === userCode) code.verdict = verdict;
  }

  /** OpenAI ends every grant there is, or the one that came of this code. */
  revoke(userCode?: string): void {
    for (const grant of this.#byRefresh.values())
      if (userCode === undefined || grant.userCode === userCode) grant.isRevoked = true;
  }

  /** Refreshes of the grant that came of this code, refused ones included. */
  refreshesOf(userCode: string): number {
    return [...this.#byRefresh.values()].find((grant) => grant.userCode === userCode)?.refreshes ?? 0;
  }

  /** The model's next answer to an agent is this command; with it OpenAI ends the grant, so that its outcome finds none. */
  endWithCommand(command: string): void {
    this.#lastCommand = command;
  }

  /** Access tokens that were given so far are not taken any more; refresh tokens are. */
  forgetAccess(userCode?: string): void {
    for (const [access, grant] of this.#byAccess)
      if (userCode === undefined || grant.userCode === userCode) this.#byAccess.delete(access);
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    this.calls.push(`${request.method} ${pathname}`);
    if (pathname === "/control") return this.#control(await request.json());
    if (pathname === "/backend-api/wham/usage") return this.#usage(request);
    if (request.method !== "POST") return json({ error: "not_found" }, 404);
    if (pathname === "/api/accounts/deviceauth/usercode") return this.#issueCode();
    if (pathname === "/api/accounts/deviceauth/token") return this.#poll(await request.json());
    if (pathname === "/oauth/token")
      return this.#tokens(new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())));
    if (pathname === "/backend-api/codex/responses") return this.#respond(request);
    return json({ error: "not_found" }, 404);
  };

  #control(order: {
    readonly userCode: string;
    readonly verdict?: FakeVerdict;
    readonly forgetAccess?: true;
    readonly revoke?: true;
  }): Response {
    const { userCode } = order;
    if (order.verdict !== undefined) this.decide(order.verdict, userCode);
    if (order.forgetAccess) this.forgetAccess(userCode);
    if (order.revoke) this.revoke(userCode);
    return json({ refreshes: this.refreshesOf(userCode) });
  }

  #issueCode(): Response {
    const userCode = `ABCD-${String(this.#codes.size + 1).padStart(5, "0")}`;
    const id = this.#next("device");
    this.#codes.set(id, { userCode, verdict: "pending", isUsed: false });
    return json({ device_auth_id: id, user_code: userCode, interval: String(this.options.intervalSeconds) });
  }

  #poll({ device_auth_id, user_code }: { device_auth_id: string; user_code: string }): Response {
    const code = this.#codes.get(device_auth_id);
    if (code === undefined || code.userCode !== user_code || code.isUsed) return json({ error: "invalid_grant" }, 400);
    switch (code.verdict) {
      case "pending":
        return json({ error: { code: "deviceauth_authorization_unknown" } }, 403);
      case "slow_down":
        code.verdict = "pending";
        return json({ error: "slow_down" }, 400);
      case "fault":
        code.verdict = "pending";
        return new Response("<html>Bad gateway</html>", { status: 502 });
      case "denied":
        return json({ error: "access_denied" }, 400);
      case "expired":
        return json({ error: "expired_token" }, 400);
      case "malformed":
        return new Response("<html>Hello</html>", { status: 200 });
      case "approved": {
        code.isUsed = true;
        const authorization = this.#next("code");
        this.#authorizations.set(authorization, { account: this.options.account, userCode: code.userCode });
        return json({ authorization_code: authorization, code_verifier: this.#next("verifier") });
      }
    }
  }

  #tokens(form: URLSearchParams): Response {
    const [fault = "none", ...tokenFaults] = this.options.tokenFaults;
    this.options = { ...this.options, tokenFaults };
    if (fault === "limit") return json({ error: "rate_limited" }, 429);
    const isRefresh = form.get("grant_type") === "refresh_token";
    if (isRefresh) this.refreshes += 1;
    const answer = isRefresh ? this.#refresh(form.get("refresh_token") ?? "") : this.#exchange(form.get("code") ?? "");
    if (fault === "lost") throw new TypeError("The connection was lost.");
    return fault === "fault" ? json({ error: "server_error" }, 500) : answer;
  }

  #exchange(code: string): Response {
    const granted = this.#authorizations.get(code);
    if (granted === undefined) return json({ error: "invalid_grant" }, 400);
    this.#authorizations.delete(code);
    return this.#give({ ...granted, refreshes: 0, isRevoked: false, access: "", refresh: "" });
  }

  #refresh(token: string): Response {
    const grant = this.#byRefresh.get(token);
    if (grant === undefined) return json({ error: "invalid_grant" }, 401);
    grant.refreshes += 1;
    // The theft of a token looks like this: nobody keeps what the grant has given.
    if (grant.refresh !== token) {
      this.reuses += 1;
      grant.isRevoked = true;
    }
    if (grant.isRevoked) return json({ error: "refresh_token_reused" }, 401);
    return this.#give(grant);
  }

  #give(grant: Grant): Response {
    const { account } = grant;
    const iat = Math.floor(this.options.now() / 1000);
    const auth = { chatgpt_account_id: account.id, chatgpt_plan_type: account.plan };
    const exp = iat + this.options.accessSeconds;
    const tokenOf = (claims: object) =>
      [
        { alg: "RS256", typ: "JWT" },
        { ...claims, iat, exp, jti: this.#next("jti") },
      ]
        .map(encode)
        .join(".");
    grant.access = `${tokenOf({ "https://api.openai.com/auth": auth })}.${this.#next("access")}`;
    grant.refresh = this.#next("rt");
    this.#byAccess.set(grant.access, grant);
    this.#byRefresh.set(grant.refresh, grant);
    return json({
      id_token: `${tokenOf({ email: account.email, "https://api.openai.com/auth": auth })}.${this.#next("id")}`,
      access_token: grant.access,
      refresh_token: grant.refresh,
      expires_in: this.options.accessSeconds,
    });
  }

  /** The grant whose token this request shows, of the account that it names; null: OpenAI doesn't take it. */
  #grantOf({ headers }: Request) {
    const token = (headers.get("authorization") ?? "").replace("Bearer ", "");
    const grant = this.#byAccess.get(token);
    if (grant === undefined || grant.isRevoked || grant.access !== token || this.#isOver(token)) return null;
    return headers.get("chatgpt-account-id") === grant.account.id ? grant : null;
  }

  #usage(request: Request): Response {
    const grant = this.#grantOf(request);
    if (grant === null) return json({ detail: "Unauthorized" }, 401);
    if (this.options.usage === "malformed") return new Response("<html>", { status: 200 });
    if (this.options.usage === "fault") return new Response("", { status: 503 });
    const now = Math.floor(this.options.now() / 1000);
    return json({
      plan_type: grant.account.plan,
      rate_limit: {
        primary_window: { used_percent: 17, limit_window_seconds: 18_000, reset_at: now + 3_600 },
        secondary_window: { used_percent: 41, limit_window_seconds: 604_800, reset_at: now + 200_000 },
      },
    });
  }

  async #respond(request: Request): Promise<Response> {
    const grant = this.#grantOf(request);
    const account = request.headers.get("chatgpt-account-id");
    const { model = "", input = [], tools = [] } = (await request.json()) as CodexRequest;
    if (grant === null) return json({ error: { message: "Unauthorized" } }, 401);
    const session = request.headers.get("session-id");
    this.asked.push({ account, session, model, input: JSON.stringify(input) });
    const command = tools.length > 0 ? this.#lastCommand : null;
    if (command !== null) {
      this.#lastCommand = null;
      grant.isRevoked = true;
    }
    const words = `Codex answers as ${model}.`.match(/\S+\s*/g) ?? [];
    const step = command === null ? text(...words) : call("bash", { command, description: "Run a command" });
    const { body, headers } = responseOf(model, [step]);
    return new Response(body, {
      headers: {
        ...Object.fromEntries(headers),
        "x-codex-primary-used-percent": "12",
        "x-codex-primary-window-minutes": "300",
        "x-codex-primary-reset-after-seconds": "3600",
        "x-codex-secondary-used-percent": "40",
        "x-codex-secondary-window-minutes": "10080",
        "x-codex-secondary-reset-after-seconds": "200000",
        "set-cookie": `session=${tokenCanary}`,
      },
    });
  }

  #isOver(token: string): boolean {
    const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"))) as {
      exp: number;
    };
    return claims.exp * 1000 <= this.options.now();
  }
}

interface CodexRequest {
  readonly model?: string;
  readonly input?: readonly unknown[];
  readonly tools?: readonly unknown[];
}
