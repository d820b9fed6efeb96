import { exports } from "cloudflare:workers";
import { type ConnectState, connectStateOf } from "@threadbox/contracts/logins";
import { codexDefaultId, codexModels } from "@threadbox/contracts/model";
import type { ModelChoice } from "@threadbox/contracts/model-choice";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Option, Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { type FakeVerdict, tokenCanary } from "./openai.testing.ts";
import { decodeList, decodeModels, Person } from "./person.testing.ts";

const decodeWireError = Schema.decodeUnknownOption(WireErrorBody);

const tagOf = async (response: Response) =>
  Option.getOrNull(decodeWireError(await response.clone().json()))?.error._tag ?? null;

beforeAll(async () => {
  await exports.default.fetch("http://worker.test/health");
});

describe("a login", () => {
  test("is connected by OpenCode's own calls, answers a turn, and no token reaches sandbox or page", async () => {
    const person = new Person();
    expect(connectStateOf(await person.list())).toBe("idle");
    const tokens = await person.connect();
    const answer = await person.respond(tokens.access_token);
    expect(await answer.text()).toContain("response.completed");
    expect([...answer.headers.keys()]).not.toContain("set-cookie");
    const { logins, flow } = await person.list();
    expect(logins).toMatchObject([
      {
        state: "connected",
        account: "a***@example.com",
        plan: "plus",
        isDefault: true,
        usage: [{ usedPercent: 12 }, { usedPercent: 40 }],
      },
    ]);
    expect(flow).toMatchObject({ state: "connected", userCode: null, verificationUri: null });
    expect(person.answers.join("\n")).not.toContain(tokenCanary);
    expect(person.answers.join("\n")).not.toContain("acct_canary");
  });

  test("is told to OpenCode as handles that it can read and never has to renew", async () => {
    const person = new Person();
    const { access_token, refresh_token } = await person.connect();
    const claims = JSON.parse(atob((access_token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    const [login] = (await person.list()).logins;
    expect(claims["https://api.openai.com/auth"]).toEqual({ chatgpt_account_id: login?.id });
    const before = await person.openAi({});
    const renewed = await person.issuer("/oauth/token", { grant_type: "refresh_token", refresh_token });
    expect(await renewed.json()).toMatchObject({ refresh_token });
    expect(await person.openAi({})).toBe(before);
  });

  test("a handle is nothing in another thread, nor as another kind, nor with a bit changed", async () => {
    const [person, stranger] = [new Person(), new Person()];
    const { access_token, refresh_token } = await person.connect();
    for (const [token, threadId] of [
      [access_token, stranger.threadId],
      [refresh_token, person.threadId],
      [`${access_token.slice(0, -2)}AA`, person.threadId],
      ["sk-own", person.threadId],
    ] as const) {
      expect((await person.respond(token, threadId)).status).toBe(599);
    }
    expect((await person.respond(access_token)).status).toBe(200);
  });

  test("is renewed once where OpenAI refuses its token, and the call is sent again", async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    const before = await person.openAi({ forgetAccess: true });
    expect((await person.respond(access_token)).status).toBe(200);
    expect(await person.openAi({})).toBe(before + 1);
  });

  test("is renewed once for fifty threads whose calls come with a token that is over, and none of them fails", async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    const threads = Array.from({ length: 50 }, newThreadId);
    const handles = await Promise.all(threads.map(async (thread) => [await person.handleIn(thread), thread] as const));
    const before = await person.openAi({ forgetAccess: true });
    const calls = handles.map(([handle, thread]) => person.respond(handle, thread));
    const answers = await Promise.all([person.respond(access_token), ...calls]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await person.openAi({})).toBe(before + 1);
  });

  test("that OpenAI ends under many calls at once is given up once, and no call goes round", async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    const before = await person.openAi({ revoke: true });
    const answers = await Promise.all(Array.from({ length: 20 }, () => person.respond(access_token)));
    answers.push(await person.respond(access_token));
    expect(await Promise.all(answers.map(tagOf))).toEqual(answers.map(() => "ReauthRequired"));
    expect(await person.openAi({})).toBe(before + 1);
  });

  test("that OpenAI has ended asks to be connected again, keeps its name, and goes on after that", async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    await person.send("PATCH", `/api/logins/${(await person.list()).logins[0]?.id}`, { name: "Work" });
    await person.openAi({ revoke: true });
    const refused = await person.respond(access_token);
    // OpenCode gives up at once, and the turn reads why.
    expect([refused.status, await tagOf(refused)]).toEqual([401, "ReauthRequired"]);
    const { logins } = await person.until("reauth");
    expect(logins).toMatchObject([{ name: "Work", state: "reauth" }]);
    const again = await person.connect();
    expect((await person.list()).logins).toMatchObject([{ id: logins[0]?.id, name: "Work", state: "connected" }]);
    expect((await person.respond(again.access_token)).status).toBe(200);
  });

  test("that is disconnected leaves no way in: its handles are refused at once", async () => {
    const person = new Person();
    const { access_token, refresh_token } = await person.connect();
    const id = (await person.list()).logins[0]?.id;
    const list = decodeList(await (await person.send("POST", `/api/logins/${id}/disconnect`)).json());
    expect(connectStateOf(list)).toBe("disconnected");
    expect((await person.respond(access_token)).status).toBe(599);
    const renewal = await person.issuer("/oauth/token", { grant_type: "refresh_token", refresh_token });
    expect(renewal.status).toBe(599);
  });

  test("is not used by a thread that is told not to", async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    const told = async (choice: ModelChoice) =>
      decodeModels(await (await person.send("PUT", `/api/models/threads/${person.threadId}`, { choice })).json());
    expect((await told({ kind: "workspace" })).answerer).toMatchObject({ model: { provider: "demo" }, loginId: null });
    expect((await person.respond(access_token)).status).toBe(599);
    await told({ kind: "default" });
    expect((await person.respond(access_token)).status).toBe(200);
  });

  test("is another user's business alone", async () => {
    const [person, stranger] = [new Person(), new Person()];
    await person.connect();
    const id = (await person.list()).logins[0]?.id;
    expect((await stranger.list()).logins).toEqual([]);
    expect(await tagOf(await stranger.send("POST", `/api/logins/${id}/disconnect`))).toBe("NotFound");
    const gone = newThreadId("gone");
    expect(await tagOf(await stranger.send("POST", "/api/logins/connect", { threadId: gone }))).toBe("NotFound");
    expect((await person.list()).logins).toHaveLength(1);
  });
});

describe("the models of a thread", () => {
  const choose = (person: Person, choice: unknown, threadId = person.threadId) =>
    person.send("PUT", `/api/models/threads/${threadId}`, { choice });

  test("are the workspace's and those of each login, and a choice among them is heard by whoever waits", async () => {
    const person = new Person();
    expect(await person.models()).toMatchObject({
      logins: [],
      choice: { kind: "default" },
      answerer: { model: { provider: "demo" }, loginId: null },
    });
    await person.connect();
    const known = await person.models();
    const [login] = known.logins;
    expect(login).toMatchObject({ account: "a***@example.com", state: "connected", models: codexModels });
    expect(known.answerer).toMatchObject({ loginId: login?.id, model: { id: codexDefaultId } });
    const heard = person.models(`&seen=${known.revision}`);
    const wish = { kind: "login", loginId: login?.id, modelId: "gpt-5.4-mini" };
    expect((await choose(person, wish)).status).toBe(200);
    expect(await heard).toMatchObject({ choice: wish, answerer: { model: { id: "gpt-5.4-mini" } } });
    expect(person.answers.join("\n")).not.toContain(tokenCanary);
  });

  test("are chosen by its owner alone, among those that there are", async () => {
    const [person, stranger] = [new Person(), new Person()];
    await person.connect();
    const loginId = (await person.models()).logins[0]?.id;
    const wish = { kind: "login", loginId, modelId: "gpt-5.4" };
    expect(await tagOf(await choose(stranger, wish))).toBe("NotFound");
    expect(await tagOf(await choose(person, wish, newThreadId("gone")))).toBe("NotFound");
    expect(await tagOf(await choose(person, { ...wish, modelId: "gpt-2" }))).toBe("ValidationError");
    expect(await tagOf(await choose(person, { kind: "login", loginId }))).toBe("ValidationError");
    expect((await person.models()).choice).toEqual({ kind: "default" });
  });
});

describe("a code", () => {
  test("is only given to a sandbox whose owner connects", async () => {
    const person = new Person();
    const answer = await person.issuer("/api/accounts/deviceauth/usercode", { client_id: "app" });
    expect(await answer.json()).toEqual({ tag: "Forbidden" });
  });

  test("is the same however often it is asked for, and OpenCode waits while nobody has approved", async () => {
    const person = new Person();
    await person.begin();
    const codes = await Promise.all([person.requestCode(), person.requestCode()]);
    await person.begin();
    codes.push(await person.requestCode());
    expect(new Set(codes.map(({ user_code }) => user_code)).size).toBe(1);
    const list = await person.until("waiting");
    expect(list.flow).toMatchObject({
      userCode: codes[0]?.user_code,
      verificationUri: "https://auth.openai.com/codex/device",
    });
    expect((await person.poll(codes[0] ?? { device_auth_id: "", user_code: "" })).status).toBe(403);
  });

  test.each<[FakeVerdict, ConnectState]>([
    ["denied", "denied"],
    ["expired", "expired"],
    ["malformed", "failed"],
  ])("that is %s ends as such, and OpenCode stops waiting", async (verdict, state) => {
    const person = new Person();
    await person.begin();
    const code = await person.requestCode();
    await person.decide(verdict);
    const { flow, logins } = await person.until(state);
    expect(flow).toMatchObject({ userCode: null, expiresAt: null });
    expect(logins).toEqual([]);
    expect((await person.poll(code)).status).toBe(400);
  });

  test.each<FakeVerdict>(["slow_down", "fault"])("survives a %s and is connected after it", async (verdict) => {
    const person = new Person();
    await person.begin();
    await person.requestCode();
    await person.decide(verdict);
    await person.until("waiting");
    await person.decide("approved");
    expect((await person.until("connected")).logins).toHaveLength(1);
  });

  test("that is cancelled is gone, and its approval connects nothing", async () => {
    const person = new Person();
    await person.begin();
    const code = await person.requestCode();
    const { flow } = await person.list();
    await person.send("POST", "/api/logins/cancel", { flowId: flow?.id });
    await person.decide("approved");
    expect((await person.poll(code)).status).toBe(400);
    expect(connectStateOf(await person.list())).toBe("idle");
  });

  test("can be asked for five times an hour", async () => {
    const person = new Person();
    for (let start = 0; start < 5; start += 1) {
      await person.begin();
      await person.send("POST", "/api/logins/cancel", { flowId: (await person.list()).flow?.id });
    }
    const refused = await person.send("POST", "/api/logins/connect", { threadId: person.threadId });
    expect(await tagOf(refused)).toBe("RateLimited");
  });
});

describe("what programs ask of OpenAI's hosts besides", () => {
  test.each([
    ["https://auth.openai.com/oauth/authorize", "Forbidden"],
    ["https://chatgpt.com/backend-api/me", "TokenInvalid"],
  ])("%s is refused", async (url, tag) => {
    expect(await (await new Person().ask(url, {})).json()).toEqual({ tag });
  });

  test("also with a good handle", async () => {
    const person = new Person();
    const { access_token } = await person.connect();
    const headers = { authorization: `Bearer ${access_token}` };
    for (const path of ["/backend-api/me", "/backend-api/codex/../me"]) {
      expect((await person.ask(`https://chatgpt.com${path}`, { headers })).status).toBe(599);
    }
  });
});
