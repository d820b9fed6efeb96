import { UserId } from "@threadbox/contracts/ids";
import { LoginId } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import type { MasterKeys } from "../secrets/index.ts";
import type { StoredLogin } from "./book.ts";
import { LoginBroker, tokensOf } from "./broker.ts";
import { checkLogin } from "./checkup.ts";
import { LoginRefusedError } from "./errors.ts";
import { FakeOpenAi, type FakeOptions } from "./openai.testing.ts";
import { OpenAiIssuer } from "./openai.ts";
import { askPlanUsage } from "./plan-usage.ts";
import { LoginSeals } from "./seals.ts";

const keys: MasterKeys = { currentKid: "a", byKid: new Map([["a", new Uint8Array(32).fill(7)]]) };
const id = LoginId.make("lgn_0123456789abcdef");
const base = "http://openai.test";
const start = 1_800_000_000_000;

/** A login that has just been connected at the fake, and what a checkup of it comes to. */
const connected = async (options: Partial<FakeOptions> = {}) => {
  const fake = new FakeOpenAi({ now: () => start, ...options });
  const fetcher = ((input, init) => fake.fetch(new Request(input as string, init as RequestInit))) as typeof fetch;
  const issuer = new OpenAiIssuer(base, fetcher);
  const seals = new LoginSeals(keys, () => UserId.make("user_1"));
  const code = await issuer.requestCode();
  if (typeof code === "string") throw new Error("The fake gave no code.");
  const { deviceCode, userCode } = code;
  fake.decide("approved", userCode);
  const polled = await issuer.poll(deviceCode, userCode);
  if (polled.kind !== "granted") throw new Error("The fake granted nothing.");
  const exchanged = await issuer.exchange(polled.authorization);
  if (exchanged.kind !== "done") throw new Error("The fake gave no tokens.");
  const book = {
    stored: null as StoredLogin | null,
    find: () => book.stored,
    writeLogin: (login: StoredLogin) => {
      book.stored = login;
    },
  };
  book.stored = {
    id,
    name: "a***@example.com",
    state: "connected",
    account: "a***@example.com",
    accountId: fake.options.account.id,
    plan: null,
    connectedAt: start,
    lastUsedAt: null,
    reauthAt: null,
    reason: null,
    usage: [],
    version: 1,
    sealed: await seals.sealTokens(id, 1, tokensOf(exchanged.value, start)),
    refreshing: null,
  };
  const broker = new LoginBroker(book, seals, issuer, { now: () => start, note: () => {} });
  const check = async (): Promise<string> => {
    try {
      await checkLogin({ book, broker, ask: (lease) => askPlanUsage(fetcher, base, lease, () => start) }, id);
      return "good";
    } catch (error) {
      if (error instanceof LoginRefusedError) return error.refusal;
      throw error;
    }
  };
  return { fake, book, check };
};

describe("a checkup of a login", () => {
  test("keeps what OpenAI says of the plan, and renews nothing", async () => {
    const { fake, book, check } = await connected();
    expect(await check()).toBe("good");
    expect(book.stored).toMatchObject({
      plan: "plus",
      usage: [
        { usedPercent: 17, windowMinutes: 300, resetsAt: start + 3_600_000, at: start },
        { usedPercent: 41, windowMinutes: 10_080, at: start },
      ],
    });
    expect([fake.refreshes, fake.calls.at(-1)]).toEqual([0, "GET /backend-api/wham/usage"]);
  });

  test("renews a token that OpenAI refuses, once", async () => {
    const { fake, book, check } = await connected();
    fake.forgetAccess();
    expect([await check(), fake.refreshes, book.stored?.version]).toEqual(["good", 1, 2]);
  });

  test("ends a login that OpenAI has ended", async () => {
    const { fake, book, check } = await connected();
    fake.revoke();
    expect([await check(), book.stored?.state]).toEqual(["reauth", "reauth"]);
    expect(await check()).toBe("reauth");
    expect(fake.refreshes).toBe(1);
  });

  test.each([
    ["fault", "openAiUnreachable"],
    ["malformed", "malformed"],
  ] as const)("ends no login for a %s of OpenAI's", async (usage, refusal) => {
    const { fake, book, check } = await connected({ usage });
    const before = book.stored;
    expect([await check(), book.stored, fake.refreshes]).toEqual([refusal, before, 0]);
  });
});
