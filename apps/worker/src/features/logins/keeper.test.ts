import { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { LoginId } from "@threadbox/contracts/logins";
import { describe, expect, test } from "vitest";
import type { MasterKeys } from "../secrets/index.ts";
import { MapStorage } from "./book.testing.ts";
import { LoginBook } from "./book.ts";
import { LoginBroker } from "./broker.ts";
import { LoginKeeper } from "./keeper.ts";
import { KeyKeeper } from "./key-keeper.ts";
import { LoginSeals } from "./seals.ts";

const now = 1_800_000_000_000;
const userId = UserId.make("user_1");
const [first, second] = [LoginId.make("lgn_first00123456789"), LoginId.make("lgn_second0123456789")];
const [threadId, otherThread] = [ThreadId.make("thread0123456789"), ThreadId.make("thread9876543210")];
const modelId = "gpt-5.4-mini";
const [generation, next] = [Generation.make(1), Generation.make(2)];

const keysOf = (kid: string): MasterKeys => ({ currentKid: kid, byKid: new Map([[kid, new Uint8Array(32).fill(7)]]) });

/** A user with two logins, the first one the default. */
const withLogins = async (storage = new MapStorage(), kid = "a") => {
  const book = new LoginBook(storage, () => {});
  const seals = new LoginSeals(keysOf(kid), () => userId);
  const refresher = { refresh: () => Promise.reject(new Error("Nothing is due.")) };
  const broker = new LoginBroker(book, seals, refresher, { now: () => now, note: () => {} });
  const keeper = new LoginKeeper(book, seals, broker, new KeyKeeper(book, () => now), () => now);
  if (book.findFacts() === null) {
    book.belongTo(userId);
    for (const id of [first, second]) {
      const tokens = { accessToken: `access ${id}`, refreshToken: "r", accessExpiresAt: now + 3_600_000 };
      book.writeLogin({
        id,
        name: id,
        state: "connected",
        account: "a***@example.com",
        plan: null,
        connectedAt: now,
        lastUsedAt: null,
        reauthAt: null,
        reason: null,
        usage: [],
        accountId: id,
        version: 1,
        sealed: await seals.sealTokens(id, 1, tokens),
        refreshing: null,
      });
    }
    book.write({ defaultId: first });
  }
  const claimOf = async (thread = threadId) => {
    const binding = await keeper.bind(thread, generation);
    if (binding === null) throw new Error("The thread uses no login.");
    return { threadId: thread, ...binding };
  };
  return { storage, book, keeper, claimOf };
};

describe("a thread's right to a login", () => {
  test("is of that thread alone", async () => {
    const { keeper, claimOf } = await withLogins();
    const claim = await claimOf();
    await claimOf(otherThread);
    expect(await keeper.lease(claim, null)).toMatchObject({ accessToken: `access ${first}` });
    const stolen = keeper.lease({ ...claim, threadId: otherThread }, null);
    await expect(stolen).rejects.toMatchObject({ refusal: "handleRefused" });
  });

  test("ends when another login is chosen, and the new one is in nobody's hands before it is given", async () => {
    const { keeper, claimOf } = await withLogins();
    const claim = await claimOf();
    keeper.noteLoaded(threadId, generation);
    expect(await keeper.isLoaded(threadId, generation)).toBe(true);
    expect(await keeper.isLoaded(threadId, next)).toBe(false);
    keeper.choose(userId, threadId, { kind: "login", loginId: second, modelId });
    expect(await keeper.isLoaded(threadId, generation)).toBe(false);
    await expect(keeper.lease(claim, null)).rejects.toMatchObject({ refusal: "handleRefused" });
    const chosen = await claimOf();
    expect(await keeper.isLoaded(threadId, generation)).toBe(false);
    expect(await keeper.lease(chosen, null)).toMatchObject({ accessToken: `access ${second}` });
  });

  test("that can't be opened is none", async () => {
    const { storage, claimOf } = await withLogins();
    const claim = await claimOf();
    const { keeper } = await withLogins(storage, "b");
    await expect(keeper.lease(claim, null)).rejects.toMatchObject({ refusal: "handleRefused" });
    await expect(keeper.bind(threadId, next)).rejects.toMatchObject({ refusal: "broken" });
    expect(keeper.list(userId).logins[0]).toMatchObject({ id: first, state: "reauth" });
  });

  test("is not given where new threads may not use the default, unless the thread chooses it", async () => {
    const { keeper } = await withLogins();
    keeper.allowNewThreads(userId, false);
    expect(await keeper.bind(threadId, generation)).toBeNull();
    keeper.choose(userId, threadId, { kind: "login", loginId: first, modelId });
    expect(await keeper.bind(threadId, generation)).toMatchObject({ loginId: first });
  });
});

describe("a turn", () => {
  test("keeps its login until it ends, whatever is chosen meanwhile", async () => {
    const { keeper, claimOf } = await withLogins();
    expect(keeper.beginTurn(threadId)).toMatchObject({ loginId: first, model: { id: "gpt-5.5" } });
    const claim = await claimOf();
    keeper.choose(userId, threadId, { kind: "workspace" });
    expect(await keeper.lease(claim, null)).toMatchObject({ accessToken: `access ${first}` });
    expect(await claimOf()).toEqual(claim);
    keeper.endTurn(threadId);
    await expect(keeper.lease(claim, null)).rejects.toMatchObject({ refusal: "handleRefused" });
    expect(keeper.beginTurn(threadId)).toBeNull();
  });

  test("has lost its login when that is disconnected", async () => {
    const { keeper, claimOf } = await withLogins();
    keeper.beginTurn(threadId);
    const claim = await claimOf();
    await keeper.disconnect(userId, first);
    await expect(keeper.lease(claim, null)).rejects.toMatchObject({ refusal: "handleRefused" });
  });
});

describe("a choice", () => {
  test("of a login that isn't there, or of a model that nobody has, is refused and changes nothing", async () => {
    const { keeper } = await withLogins();
    const before = keeper.models(userId, threadId);
    const choose = (loginId: LoginId, id: string) => () =>
      keeper.choose(userId, threadId, { kind: "login", loginId, modelId: id });
    const gone = LoginId.make("lgn_gone000123456789");
    expect(choose(gone, modelId)).toThrow(expect.objectContaining({ refusal: "notFound" }));
    expect(choose(first, "gpt-2")).toThrow(expect.objectContaining({ refusal: "noModel" }));
    expect(keeper.models(userId, threadId)).toEqual(before);
  });

  test("belongs to its thread, and is told as a change", async () => {
    const { keeper } = await withLogins();
    const { revision } = keeper.models(userId, threadId);
    keeper.choose(userId, threadId, { kind: "login", loginId: second, modelId });
    const chosen = { loginId: second, model: { id: modelId, label: "GPT-5.4 mini (ChatGPT)" } };
    expect(keeper.models(userId, threadId)).toMatchObject({ answerer: chosen, byDefault: { loginId: first } });
    expect(keeper.models(userId, otherThread)).toMatchObject({ answerer: { loginId: first } });
    expect(keeper.models(userId, threadId).revision).toBeGreaterThan(revision);
  });

  test("falls back to the default when its login is disconnected, also where it has answered nothing yet", async () => {
    const { keeper } = await withLogins();
    keeper.choose(userId, threadId, { kind: "login", loginId: second, modelId });
    await keeper.disconnect(userId, second);
    const byDefault = { choice: { kind: "default" }, answerer: { loginId: first } };
    expect(keeper.models(userId, threadId)).toMatchObject(byDefault);
  });
});

describe("the end of a login", () => {
  test("takes its bindings, makes another one the default, and names the starts that had handles", async () => {
    const { keeper, claimOf } = await withLogins();
    const claim = await claimOf();
    expect(await keeper.disconnect(userId, first)).toEqual([{ threadId, generation }]);
    await expect(keeper.lease(claim, null)).rejects.toMatchObject({ refusal: "handleRefused" });
    const { logins, disconnectedAt } = keeper.list(userId);
    expect(logins).toMatchObject([{ id: second, isDefault: true }]);
    expect(disconnectedAt).toBeNull();
    await keeper.disconnect(userId, second);
    expect(keeper.list(userId)).toMatchObject({ logins: [], disconnectedAt: now });
  });

  test("of another user's is not possible", async () => {
    const { keeper } = await withLogins();
    expect(() => keeper.list(UserId.make("user_2"))).toThrow(/another user's/);
  });
});
