import { env } from "cloudflare:workers";
import { Generation, UserId } from "@threadbox/contracts/ids";
import { ModelList } from "@threadbox/contracts/model-choice";
import { ModelKeyList } from "@threadbox/contracts/model-keys";
import { Effect, Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import type { WireFailure } from "../../http/failure.ts";
import { makeWorkerRuntime, type WorkerServices } from "../../runtime.ts";
import { observe } from "../../testing/observe.testing.ts";
import { outboundUrls } from "../../testing/outbound.testing.ts";
import { Logins } from "../logins/index.ts";
import { Person } from "../logins/person.testing.ts";
import { goodKey } from "../model-keys/providers.testing.ts";
import { completeChat } from "../models/gateway.ts";
import { createMessage, createResponse } from "../models/own-gateway.ts";
import { someName } from "../sandbox/provider.contract.testing.ts";
import { signSandboxCredential } from "../sandbox/sandbox-credential.ts";
import { runningSandboxes } from "../sandbox/sandboxes.testing.ts";
import { SecretVault } from "../secrets/index.ts";
import { loadWorker } from "./thread.testing.ts";

beforeAll(loadWorker);

const decodeKeys = Schema.decodeUnknownSync(ModelKeyList);
const decodeModels = Schema.decodeUnknownSync(ModelList);
const runtime = makeWorkerRuntime(env);
const generation = Generation.make(1);

/** A person with keys, and what OpenCode in their thread's sandbox asks of the gateway. */
class Keyed extends Person {
  async keys(method: string, path: string, body?: unknown) {
    const response = await this.send(method, `/api/model-keys${path}`, body);
    const answer: unknown = await response.json();
    if (response.ok) return decodeKeys(answer).keys;
    const { error } = answer as { error: { _tag: string; message: string } };
    return [error._tag, error.message] as const;
  }

  /** Adds a key that its provider takes, and answers with its id. */
  async add(kind: string, value: string, more: object = {}): Promise<string> {
    const keys = await this.keys("POST", "", { kind, name: "Mine", value, ...more });
    const last = keys.at(-1);
    if (typeof last !== "object") throw new Error(`Not added: ${String(last)}`);
    return last.id;
  }

  async choose(choice: object): Promise<ModelList> {
    const answer = await this.send("PUT", `/api/models/threads/${this.threadId}`, { choice });
    return decodeModels(await answer.json());
  }

  async #gateway(
    ask: (routed: { request: Request; requestId: string }) => Effect.Effect<Response, WireFailure, WorkerServices>,
    headers: (credential: string) => Record<string, string>,
    body: object,
  ): Promise<string> {
    const { sandboxCredentialKey } = await runtime.runPromise(WorkerConfig);
    const claims = { sandbox_name: someName("e"), thread_id: this.threadId, generation, iat: 1_800_000_000 };
    const credential = await runtime.runPromise(signSandboxCredential(claims, sandboxCredentialKey));
    const request = new Request("http://worker.test/internal/model", {
      method: "POST",
      headers: headers(credential),
      body: JSON.stringify(body),
    });
    const answer = ask({ request, requestId: crypto.randomUUID() }).pipe(
      Effect.provide(runningSandboxes((id) => id === this.threadId)),
      Effect.catch(({ wireTag, message }) => Effect.succeed(Response.json({ wireTag, message }, { status: 599 }))),
    );
    const response = await runtime.runPromise(answer);
    const text = await response.text();
    this.answers.push(text);
    return text;
  }

  complete(body: object = {}): Promise<string> {
    const messages = [{ role: "user", content: "Hi" }];
    const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
    return this.#gateway(completeChat, bearer, { model: "own", messages, ...body });
  }

  askResponses(): Promise<string> {
    const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
    const input = [{ role: "user", content: "Hi" }];
    return this.#gateway(createResponse, bearer, { model: "gpt-5", stream: true, input });
  }

  message(): Promise<string> {
    const messages = [{ role: "user", content: "Hi" }];
    const body = { model: "claude", max_tokens: 9, stream: true, messages };
    return this.#gateway(createMessage, (credential) => ({ "x-api-key": credential }), body);
  }
}

describe("a user's own key", () => {
  test("is kept once its provider has taken it, is shown without its value, and no answer ever holds that", async () => {
    const person = new Keyed();
    const value = `${goodKey}canary-71c0e4`;
    const keyId = await person.add("openai", value);
    const [key] = await person.keys("GET", "");
    // What draws, listens and embeds is not offered.
    expect(key).toMatchObject({
      id: keyId,
      kind: "openai",
      name: "Mine",
      address: null,
      tested: { problem: null },
      models: [{ provider: "own-openai", id: "gpt-6-sol" }, { id: "o5-mini" }],
    });
    await person.choose({ kind: "key", keyId, modelId: "gpt-6-sol" });
    await person.keys("POST", `/${keyId}/test`);
    await person.keys("PATCH", `/${keyId}`, { name: "Work" });
    await person.models();
    await person.keys("DELETE", `/${keyId}`);
    expect(person.answers.join("\n")).not.toContain(value);
  });

  test("that its provider refuses is not kept, and why is said in words", async () => {
    const person = new Keyed();
    const add = (kind: string, more: object = {}) =>
      person.keys("POST", "", { kind, name: "Mine", value: "sk-wrong-9a8b7c6d", ...more });
    expect(await add("openai")).toEqual(["ValidationError", "OpenAI doesn't accept this key."]);
    expect(await add("anthropic")).toEqual(["ValidationError", "Anthropic doesn't accept this key."]);
    expect(await add("compatible", { address: outboundUrls.compatible })).toEqual([
      "ValidationError",
      "models.example.com doesn't accept this key.",
    ]);
    expect(await person.keys("GET", "")).toEqual([]);
  });

  test("of an endpoint that lists its models to everybody is proved by an answer of one", async () => {
    const person = new Keyed();
    const wish = { kind: "compatible", name: "Open", address: outboundUrls.openListing };
    expect(await person.keys("POST", "", { ...wish, value: "sk-wrong-1234567" })).toEqual([
      "ValidationError",
      "open.example.com doesn't accept this key.",
    ]);
    expect(await person.keys("POST", "", { ...wish, value: `${goodKey}open` })).toMatchObject([
      { models: [{ id: "open-1" }] },
    ]);
  });

  test.each([
    ["https://10.0.0.1/v1", "UrlBlocked"],
    ["http://models.example.com/v1", "UrlBlocked"],
    ["https://localhost/v1", "UrlBlocked"],
    ["https://moved.example.com/v1", "ValidationError"],
    ["", "ValidationError"],
  ])("for the address %j is refused", async (address, tag) => {
    const wish = { kind: "compatible", name: "Mine", value: `${goodKey}x`, address };
    expect((await new Keyed().keys("POST", "", wish))[0]).toBe(tag);
  });

  test("is nobody else's: others neither see nor use nor change it", async () => {
    const [person, stranger] = [new Keyed(), new Keyed()];
    const keyId = await person.add("openai", `${goodKey}mine`);
    expect(await stranger.keys("GET", "")).toEqual([]);
    for (const [method, path, body] of [
      ["PATCH", "", { name: "Theirs" }],
      ["PUT", "/value", { value: `${goodKey}theirs` }],
      ["POST", "/test", undefined],
      ["DELETE", "", undefined],
    ] as const) {
      expect((await stranger.keys(method, `/${keyId}${path}`, body))[0]).toBe("NotFound");
    }
    const choice = { kind: "key", keyId, modelId: "gpt-6-sol" };
    const refused = await stranger.send("PUT", `/api/models/threads/${stranger.threadId}`, { choice });
    expect(refused.status).toBe(400);
    expect(await stranger.askResponses()).toContain("Forbidden");
  });

  test("answers its user's thread alone, with the value and the model of that moment", async () => {
    const person = new Keyed();
    const keyId = await person.add("openai", `${goodKey}first-one-aaaaaa`);
    expect(await person.askResponses()).toContain("Forbidden");
    const { answerer } = await person.choose({ kind: "key", keyId, modelId: "o5-mini" });
    expect(answerer).toMatchObject({ keyId, loginId: null, isGone: false, model: { id: "o5-mini" } });
    expect(await person.askResponses()).toContain("o5-mini answers with aaaaaa.");
    await person.keys("PUT", `/${keyId}/value`, { value: `${goodKey}second-bbbbbb` });
    expect(await person.askResponses()).toContain("bbbbbb");
    expect((await person.keys("GET", ""))[0]).toMatchObject({ lastUsedAt: expect.any(Number) });
    // Its thread is spoken to in no other words.
    expect(await person.message()).toContain("Forbidden");
    expect(await person.complete()).toContain("Forbidden");
  });

  test("of Anthropic's speaks Anthropic's messages", async () => {
    const person = new Keyed();
    const keyId = await person.add("anthropic", `${goodKey}ant`);
    const { keys } = await person.choose({ kind: "key", keyId, modelId: "claude-haiku-5" });
    expect(keys[0]?.models[0]).toEqual({
      ...{ provider: "own-anthropic", id: "claude-sonnet-5", label: "Claude Sonnet 5" },
      traits: { context: 1_000_000, output: 64_000, efforts: ["low", "medium", "high"], effortAs: "adaptive" },
    });
    const answer = await person.message();
    expect(answer).toContain("Claude answers as claude-haiku-5.");
    expect(answer).toContain("event: message_stop");
    expect(await person.complete()).toContain("Forbidden");
  });

  test("thinks as hard as was chosen, as its model takes that, and a turn keeps what it began with", async () => {
    const person = new Keyed();
    const [anthropic, openAi] = [
      await person.add("anthropic", `${goodKey}effort`),
      await person.add("openai", `${goodKey}effort`),
    ];
    const claude = { kind: "key", keyId: anthropic, modelId: "claude-sonnet-5" };
    await person.choose(claude);
    expect(await person.message()).not.toContain("output_config");
    await person.choose({ ...claude, effort: "high" });
    expect(await person.message()).toContain('\\"output_config\\":{\\"effort\\":\\"high\\"}');
    // It has no such effort.
    await person.choose({ ...claude, effort: "max" });
    expect(await person.message()).not.toContain("output_config");
    const logins = await runtime.runPromise(Effect.map(Logins, (all) => all));
    const sol = { kind: "key", keyId: openAi, modelId: "gpt-6-sol" };
    await person.choose({ ...sol, effort: "low" });
    await runtime.runPromise(logins.beginTurn(person.threadId));
    await person.choose({ ...sol, effort: "high" });
    expect(await person.askResponses()).toContain("Effort: low.");
    await runtime.runPromise(logins.endTurn(person.threadId));
    expect(await person.askResponses()).toContain("Effort: high.");
  });

  test("in the operator's own network is reached where the operator vouches for its host", async () => {
    const person = new Keyed();
    const address = "http://ollama.internal:11434/v1";
    const keyId = await person.add("compatible", `${goodKey}ollama`, { address, models: ["llama"] });
    await person.choose({ kind: "key", keyId, modelId: "llama" });
    expect(await person.complete({ max_tokens: 5 })).toContain('\\"max_tokens\\":5');
  });

  test("that was removed answers nothing from the next request on, and its threads say so instead of changing who pays", async () => {
    const person = new Keyed();
    const keyId = await person.add("openai", `${goodKey}gone`);
    await person.choose({ kind: "key", keyId, modelId: "gpt-6-sol" });
    const logins = await runtime.runPromise(Effect.map(Logins, (all) => all));
    expect(await runtime.runPromise(logins.beginTurn(person.threadId))).toMatchObject({ id: "gpt-6-sol" });
    expect(await person.askResponses()).toContain("gpt-6-sol");
    await person.keys("DELETE", `/${keyId}`);
    expect(await person.askResponses()).toContain("The key of this model was removed.");
    await runtime.runPromise(logins.endTurn(person.threadId));
    const { answerer, keys, choice } = await person.models();
    expect({ answerer, keys, choice }).toMatchObject({
      keys: [],
      choice: { kind: "key", keyId },
      answerer: { isGone: true, model: { id: "gpt-6-sol" } },
    });
    // It may be removed again without harm, and everything that was done is written down.
    expect((await person.keys("DELETE", `/${keyId}`))[0]).toBe("NotFound");
  });

  test("that an admin has revoked answers nothing from the next request on, and its user is told by whom and why", async () => {
    const person = new Keyed();
    const keyId = await person.add("openai", `${goodKey}leaked`);
    await person.choose({ kind: "key", keyId, modelId: "gpt-6-sol" });
    expect(await person.askResponses()).toContain("gpt-6-sol");
    const vault = await runtime.runPromise(Effect.map(SecretVault, (kept) => kept));
    const [secret] = await runtime.runPromise(vault.listOfUsers(keyId, 1));
    if (secret === undefined) throw new Error("No admin sees it.");
    expect(secret).toMatchObject({ usage: "internal", hosts: ["openai-api.test"], lastUsedAt: expect.any(Number) });
    const admin = { actor: UserId.make("user_admin_of_keys"), requestId: "r" };
    await runtime.runPromise(vault.revoke(secret.id, { version: 1, reason: "It was in a repository." }, admin));
    expect(await person.askResponses()).toContain("An admin has revoked the key of this model.");
    const ended = { at: expect.any(Number), reason: "It was in a repository." };
    expect(await person.keys("GET", "")).toMatchObject([{ id: keyId, ended }]);
    expect(await person.keys("PUT", `/${keyId}/value`, { value: `${goodKey}another` })).toMatchObject([
      { id: keyId, ended: null },
    ]);
    expect(await person.askResponses()).toContain("gpt-6-sol");
  });

  test("stays the one of a turn that runs, whatever is chosen meanwhile", async () => {
    const person = new Keyed();
    const keyId = await person.add("openai", `${goodKey}turn`);
    await person.choose({ kind: "key", keyId, modelId: "gpt-6-sol" });
    const logins = await runtime.runPromise(Effect.map(Logins, (all) => all));
    await runtime.runPromise(logins.beginTurn(person.threadId));
    await person.choose({ kind: "workspace" });
    expect(await person.askResponses()).toContain("gpt-6-sol");
    await runtime.runPromise(logins.endTurn(person.threadId));
    expect(await person.askResponses()).toContain("Forbidden");
  });
});

test("favourites are marked and unmarked, in the order in which that was done", async () => {
  const person = new Keyed();
  const keyId = await person.add("openai", `${goodKey}fav`);
  const mark = async (choice: object, isFavourite: boolean) =>
    decodeModels(await (await person.send("PUT", "/api/models/favourites", { choice, isFavourite })).json()).favourites;
  const own = { kind: "key", keyId, modelId: "o5-mini" };
  await mark(own, true);
  expect(await mark({ kind: "workspace" }, true)).toEqual([own, { kind: "workspace" }]);
  expect(await mark(own, false)).toEqual([{ kind: "workspace" }]);
  expect((await person.models()).favourites).toEqual([{ kind: "workspace" }]);
});

test("what a user does with their keys is in the audit, without anything of the keys", async () => {
  const person = new Keyed();
  const keyId = await person.add("openai", `${goodKey}audit-canary`);
  await person.keys("DELETE", `/${keyId}`);
  await expect
    .poll(async () => {
      const { calls } = await observe("");
      const rows = calls.filter(({ args }) => JSON.stringify(args).includes(person.userId));
      return ["model_key.added", "model_key.removed"].every((action) => JSON.stringify(rows).includes(action));
    })
    .toBe(true);
  expect(JSON.stringify((await observe("")).calls)).not.toContain("audit-canary");
});
