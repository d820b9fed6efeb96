import { UserId } from "@threadbox/contracts/ids";
import { LoginId } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import type { MasterKeys } from "../secrets/index.ts";
import type { StoredLogin } from "./book.ts";
import { aheadMs, LoginBroker } from "./broker.ts";
import { LoginRefusedError } from "./errors.ts";
import { FakeOpenAi, type FakeOptions } from "./openai.testing.ts";
import { OpenAiIssuer } from "./openai.ts";
import { LoginSeals } from "./seals.ts";

const masterKeys = (kid: string, fill: number): MasterKeys => ({
  currentKid: kid,
  byKid: new Map([[kid, new Uint8Array(32).fill(fill)]]),
});
const userId = UserId.make("user_1");
const id = LoginId.make("lgn_0123456789abcdef");
const accessSeconds = 3_600;

/** A small generator, so that a schedule is told by its seed. */
const randomOf = (seed: number) => {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
};

class CrashError extends Error {}

/** A login over the fake, whose process can end at each of its writes. */
class World {
  now = 1_800_000_000_000;
  readonly fake: FakeOpenAi;
  readonly seals = new LoginSeals(masterKeys("a", 1), () => userId);
  stored: StoredLogin | null = null;
  /** The write after which, or before which, the process ends; null: none. */
  crash: { readonly at: "before" | "after"; left: number } | null = null;
  broker: LoginBroker;

  constructor(options: Partial<FakeOptions> = {}) {
    this.fake = new FakeOpenAi({ now: () => this.now, accessSeconds, ...options });
    this.broker = this.start();
  }

  issuer = () =>
    new OpenAiIssuer("http://openai.test", ((input, init) =>
      this.fake.fetch(new Request(input as string, init as RequestInit))) as typeof fetch);

  /** How often the login has ended. */
  ends = 0;

  /** A new process over what is stored. */
  start(): LoginBroker {
    let isDead = false;
    const book = {
      find: () => {
        if (isDead) throw new CrashError();
        return this.stored;
      },
      writeLogin: (login: StoredLogin) => {
        if (isDead) throw new CrashError();
        const isCrash = this.crash !== null && this.crash.left-- === 0;
        if (isCrash) isDead = true;
        if (!isCrash || this.crash?.at === "after") this.stored = login;
        if (isCrash) throw new CrashError();
      },
    };
    return new LoginBroker(book, this.seals, this.issuer(), {
      now: () => this.now,
      note: (event) => {
        if (event === "login.ended") this.ends += 1;
      },
    });
  }

  async connect(): Promise<void> {
    const issuer = this.issuer();
    const code = await issuer.requestCode();
    if (typeof code === "string") throw new Error(code);
    this.fake.decide("approved");
    const poll = await issuer.poll(code.deviceCode, code.userCode);
    if (poll.kind !== "granted") throw new Error(poll.kind);
    const result = await issuer.exchange(poll.authorization);
    if (result.kind !== "done") throw new Error(result.kind);
    const { accessToken, refreshToken, lifetimeMs } = result.value;
    const tokens = { accessToken, refreshToken, accessExpiresAt: this.now + lifetimeMs };
    this.stored = {
      id,
      name: "ChatGPT",
      state: "connected",
      account: "a***@example.com",
      plan: null,
      connectedAt: this.now,
      lastUsedAt: null,
      reauthAt: null,
      reason: null,
      usage: [],
      accountId: this.fake.options.account.id,
      version: 1,
      sealed: await this.seals.sealTokens(id, 1, tokens),
      refreshing: null,
    };
  }

  /** What a thread sees: an answer, a refusal, or the end of the process that it asked. */
  async use(): Promise<"answered" | "refused" | "crashed" | "unauthorized"> {
    try {
      const lease = await this.broker.lease(id, null);
      return (await this.call(lease)) ? "answered" : "unauthorized";
    } catch (error) {
      if (error instanceof CrashError) return "crashed";
      if (error instanceof LoginRefusedError) return "refused";
      throw error;
    }
  }

  async call({ accessToken, accountId }: { accessToken: string; accountId: string }): Promise<boolean> {
    const response = await this.fake.fetch(
      new Request("http://openai.test/backend-api/codex/responses", {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken}`, "chatgpt-account-id": accountId },
        body: '{"model":"m"}',
      }),
    );
    return response.ok;
  }

  expire(): void {
    this.now += accessSeconds * 1000;
  }
}

const connected = async (options: Partial<FakeOptions> = {}) => {
  const world = new World(options);
  await world.connect();
  return world;
};

describe("the broker", () => {
  test("fifty threads past an expiry cost one refresh, and every one is answered", async () => {
    const world = await connected();
    world.expire();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.use()));
    expect(outcomes.every((outcome) => outcome === "answered")).toBe(true);
    expect(world.fake.refreshes).toBe(1);
  });

  test("a token is replaced before it ends, not while it is good", async () => {
    const world = await connected();
    expect(await world.use()).toBe("answered");
    expect(world.fake.refreshes).toBe(0);
    world.now += accessSeconds * 1000 - aheadMs;
    expect(await world.use()).toBe("answered");
    expect(world.fake.refreshes).toBe(1);
  });

  test("a token that OpenAI refuses is renewed once, however many come with it", async () => {
    const world = await connected();
    const { version } = await world.broker.lease(id, null);
    world.fake.forgetAccess();
    const leases = await Promise.all(Array.from({ length: 8 }, () => world.broker.lease(id, version)));
    expect(world.fake.refreshes).toBe(1);
    for (const lease of leases) expect(await world.call(lease)).toBe(true);
  });

  test.each(["fault", "lost"] as const)("a refresh whose end is not known (%s) is never tried again", async (fault) => {
    const world = await connected({ tokenFaults: ["none", fault] });
    world.expire();
    expect(await world.use()).toBe("refused");
    world.broker = world.start();
    expect(await world.use()).toBe("refused");
    expect(world.fake.refreshes).toBe(1);
    expect(world.stored).toMatchObject({ state: "reauth", refreshing: null });
  });

  test("where OpenAI asks to be asked later, the token is used to its end and renewed then", async () => {
    const world = await connected({ tokenFaults: ["none", "limit"] });
    world.now += accessSeconds * 1000 - aheadMs;
    expect(await world.use()).toBe("answered");
    expect(world.stored).toMatchObject({ state: "connected", version: 1 });
    expect(await world.use()).toBe("answered");
    expect(world.stored).toMatchObject({ state: "connected", version: 2 });
  });

  test("a stolen refresh token that was used already ends the login once, and nothing loops", async () => {
    const world = await connected();
    const stolen = await world.seals.openTokens(id, 1, world.stored?.sealed ?? { kid: "", text: "" });
    world.expire();
    expect(await world.use()).toBe("answered");
    await world.issuer().refresh(stolen.refreshToken);
    world.expire();
    const before = world.fake.refreshes;
    expect([await world.use(), await world.use(), await world.use()]).toEqual(["refused", "refused", "refused"]);
    expect(world.fake.refreshes).toBe(before + 1);
    expect(world.stored?.state).toBe("reauth");
    expect(world.ends).toBe(1);
  });

  // Two writes make a refresh: that it is sent, and what has come of it.
  test.each([
    ["before it says that it sends the token", { at: "before", left: 0 }, "answered", 1],
    ["when it has said so", { at: "after", left: 0 }, "refused", 0],
    ["before it keeps what has come", { at: "before", left: 1 }, "refused", 1],
    ["when it has kept it", { at: "after", left: 1 }, "answered", 1],
  ] as const)("a refresher that is killed %s loses nothing in silence, and sends no token twice", async (...row) => {
    const [, crash, outcome, refreshes] = row;
    const world = await connected();
    world.expire();
    world.crash = { ...crash };
    expect(await world.use()).toBe("crashed");
    world.crash = null;
    world.broker = world.start();
    expect([await world.use(), await world.use()]).toEqual([outcome, outcome]);
    expect([world.fake.refreshes, world.fake.reuses]).toEqual([refreshes, 0]);
    expect(world.stored).toMatchObject({ state: outcome === "answered" ? "connected" : "reauth", refreshing: null });
    expect(world.ends).toBe(outcome === "answered" ? 0 : 1);
  });

  test("two processes that race over one login send its token once, and nothing loops", async () => {
    const world = await connected();
    const other = world.start();
    world.expire();
    const outcomes = await Promise.allSettled([world.broker.lease(id, null), other.lease(id, null), world.use()]);
    expect(outcomes.some(({ status }) => status === "rejected")).toBe(true);
    expect([await world.use(), await world.use()]).toEqual(["refused", "refused"]);
    expect([world.fake.refreshes, world.fake.reuses, world.ends]).toEqual([1, 0, 1]);
  });

  test("a login that can't be opened ends, and what it held is never used", async () => {
    const world = await connected();
    const other = new LoginSeals(masterKeys("b", 2), () => userId);
    const book = {
      find: () => world.stored,
      writeLogin: (login: StoredLogin) => {
        world.stored = login;
      },
    };
    const broker = new LoginBroker(book, other, world.issuer(), { now: () => world.now, note: () => {} });
    await expect(broker.lease(id, null)).rejects.toMatchObject({ refusal: "broken" });
    expect(world.stored?.state).toBe("reauth");
  });

  test("a login that another master key sealed is sealed with the one of now when it is used", async () => {
    const world = await connected();
    const both: MasterKeys = {
      currentKid: "b",
      byKid: new Map([...masterKeys("a", 1).byKid, ...masterKeys("b", 2).byKid]),
    };
    const book = {
      find: () => world.stored,
      writeLogin: (login: StoredLogin) => {
        world.stored = login;
      },
    };
    const host = { now: () => world.now, note: () => {} };
    const under = (keys: MasterKeys) => new LoginBroker(book, new LoginSeals(keys, () => userId), world.issuer(), host);
    const { accessToken } = await under(both).lease(id, null);
    expect(world.stored?.sealed.kid).toBe("b");
    const alone = await under(masterKeys("b", 2)).lease(id, null);
    expect([alone.accessToken, alone.version, world.fake.refreshes]).toEqual([accessToken, world.stored?.version, 0]);
  });

  test("over 500 random schedules no refresh token is ever sent twice, and no answered thread held a dead token", async () => {
    for (let seed = 0; seed < 500; seed += 1) {
      const random = randomOf(seed);
      const world = await connected();
      for (let step = 0; step < 8; step += 1) {
        if (random() < 0.5) world.expire();
        if (random() < 0.3) {
          world.crash = { at: random() < 0.5 ? "before" : "after", left: Math.floor(random() * 3) };
        }
        const fault = random() < 0.1 ? (["lost", "fault", "limit"] as const)[Math.floor(random() * 3)] : undefined;
        if (fault !== undefined) world.fake.options = { ...world.fake.options, tokenFaults: [fault] };
        const outcomes = await Promise.all(Array.from({ length: 1 + Math.floor(random() * 4) }, () => world.use()));
        expect(outcomes, `seed ${seed}`).not.toContain("unauthorized");
        if (outcomes.includes("crashed")) {
          world.crash = null;
          world.broker = world.start();
        }
        // Whoever is still called connected has not been thrown out by OpenAI for a second use.
        if (world.stored?.state === "connected" && world.stored.refreshing === null) {
          world.fake.options = { ...world.fake.options, tokenFaults: [] };
          world.crash = null;
          expect(await world.use(), `seed ${seed}`).toBe("answered");
        }
      }
      expect(world.fake.reuses, `seed ${seed}`).toBe(0);
    }
  });
});
