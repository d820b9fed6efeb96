import { ThreadId, UserId } from "@threadbox/contracts/ids";
import { LoginFlowId, loginLimits } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import type { MasterKeys } from "../secrets/index.ts";
import { DeviceAuthorization, type Issuer } from "./authorization.ts";
import { MapStorage } from "./book.testing.ts";
import { LoginBook } from "./book.ts";
import { newFlow } from "./device-flow.ts";
import { FakeOpenAi, type FakeOptions } from "./openai.testing.ts";
import { OpenAiIssuer } from "./openai.ts";
import { LoginSeals } from "./seals.ts";

const keys: MasterKeys = { currentKid: "a", byKid: new Map([["a", new Uint8Array(32).fill(7)]]) };
const userId = UserId.make("user_1");
const id = LoginFlowId.make("flow_0123456789abcdef");
const threadId = ThreadId.make("thread0123456789");

/** A flow that was begun, over the double of OpenAI, with the clock in the test's hands. */
class World {
  now = 1_800_000_000_000;
  readonly fake: FakeOpenAi;
  readonly storage = new MapStorage();
  readonly book = new LoginBook(this.storage, () => {});
  readonly seals = new LoginSeals(keys, () => userId);
  readonly issuer: OpenAiIssuer;
  authorization: DeviceAuthorization;

  constructor(options: Partial<FakeOptions> = {}) {
    this.fake = new FakeOpenAi({ now: () => this.now, ...options });
    const fetcher = ((input, init) =>
      this.fake.fetch(new Request(input as string, init as RequestInit))) as typeof fetch;
    this.issuer = new OpenAiIssuer("http://openai.test", fetcher);
    this.book.belongTo(userId);
    this.book.write({ flow: newFlow({ id, threadId, loginId: null, now: this.now }) });
    this.authorization = this.start();
  }

  /** A new process over what is stored. */
  start(issuer: Issuer = this.issuer): DeviceAuthorization {
    return new DeviceAuthorization(this.book, this.seals, issuer, () => this.now);
  }

  /** The alarm, when it is due. */
  async alarm(authorization = this.authorization): Promise<void> {
    this.now += 1_000;
    await authorization.settle();
  }

  get flow() {
    return this.book.facts().flow;
  }

  exchanges(): number {
    return this.fake.calls.filter((call) => call === "POST /oauth/token").length;
  }
}

describe("a device authorization", () => {
  test("asks OpenAI for one code, however many ask for it at once", async () => {
    const { authorization, fake } = new World();
    const codes = await Promise.all(Array.from({ length: 20 }, () => authorization.requestCode()));
    expect(new Set(codes.map(({ userCode }) => userCode)).size).toBe(1);
    expect(fake.userCodes).toHaveLength(1);
  });

  test("F31: goes on in the next process, with the same code, and loses no approval", async () => {
    const world = new World();
    const { userCode } = await world.authorization.requestCode();
    await world.alarm();
    const next = world.start();
    expect((await next.requestCode()).userCode).toBe(userCode);
    world.fake.decide("approved");
    await world.alarm(next);
    expect(world.flow?.state).toBe("connected");
    expect(next.answer(id)).toBe("granted");
    expect(world.start().loginOf(id)).toBe(world.book.logins()[0]?.id);
  });

  test("F31: whose process ends while its tokens come is not asked for again, and says that it failed", async () => {
    const world = new World();
    await world.authorization.requestCode();
    world.fake.decide("approved");
    const never = new Promise<never>(() => {});
    const dying = world.start({
      requestCode: () => world.issuer.requestCode(),
      poll: (...asked) => world.issuer.poll(...asked),
      exchange: async (authorization) => {
        await world.issuer.exchange(authorization);
        return never;
      },
    });
    void world.alarm(dying);
    await expect.poll(() => world.exchanges()).toBe(1);
    expect(world.flow?.isExchanging).toBe(true);
    await world.alarm(world.start());
    expect(world.flow).toMatchObject({ state: "failed", isExchanging: false, reference: expect.any(String) });
    expect(world.exchanges()).toBe(1);
    expect(world.book.logins()).toEqual([]);
  });

  test("keeps nothing that comes after it was cancelled", async () => {
    const world = new World();
    await world.authorization.requestCode();
    world.fake.decide("approved");
    const cancelling = world.start({
      requestCode: () => world.issuer.requestCode(),
      poll: (...asked) => world.issuer.poll(...asked),
      exchange: (authorization) => {
        world.book.write({ flow: null });
        return world.issuer.exchange(authorization);
      },
    });
    await world.alarm(cancelling);
    expect(world.book.logins()).toEqual([]);
    expect(cancelling.answer(id)).toBe("ended");
  });

  test("F31: that is approved after its end connects nothing", async () => {
    const world = new World();
    await world.authorization.requestCode();
    world.now += loginLimits.codeMs;
    world.fake.decide("approved");
    await world.alarm();
    expect(world.flow?.state).toBe("expired");
    expect(world.exchanges()).toBe(0);
  });

  test.each(["fault", "lost", "limit"] as const)(
    "whose exchange fails (%s) says so, and connects nothing",
    async (fault) => {
      const world = new World({ tokenFaults: [fault] });
      await world.authorization.requestCode();
      world.fake.decide("approved");
      await world.alarm();
      expect(world.flow?.state).toBe("failed");
      expect(world.book.logins()).toEqual([]);
    },
  );

  test("of the same account connects the same login again, and of another one another", async () => {
    const world = new World();
    const connect = async () => {
      const loginId = world.book.logins()[0]?.id ?? null;
      world.book.write({ flow: newFlow({ id, threadId, loginId, now: world.now }) });
      await world.start().requestCode();
      world.fake.decide("approved");
      await world.alarm();
    };
    await connect();
    await connect();
    expect(world.book.logins()).toMatchObject([{ version: 2, state: "connected" }]);
    const account = { id: "acct_other", email: "bob@example.com", plan: "pro" };
    world.fake.options = { ...world.fake.options, account };
    await connect();
    expect(world.book.logins().map(({ account: shown }) => shown)).toEqual(["a***@example.com", "b***@example.com"]);
  });
});
