/** The product's own functions, as a browser and the worker call them. */
import { join } from "node:path";
import type { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fixture, startFixture, watch } from "./server.testing.ts";

const issuer = "http://identity.test";
const service = {
  issuer: "https://threadbox.invalid/service",
  audience: "threadbox-convex",
  subject: "service:worker",
};

const users = await generateKeyPair("RS256", { extractable: true });
const machines = await generateKeyPair("ES256", { extractable: true });

const jwks = async (key: CryptoKey, alg: string): Promise<string> =>
  `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [{ ...(await exportJWK(key)), alg, kid: alg }] }))}`;

const sign = (alg: string, key: CryptoKey, iss: string, sub: string, aud?: string): Promise<string> => {
  const token = new SignJWT({}).setProtectedHeader({ alg, kid: alg }).setIssuer(iss).setSubject(sub);
  if (aud !== undefined) token.setAudience(aud);
  return token.setIssuedAt().setExpirationTime("5m").sign(key);
};

const asUser = (subject: string) => sign("RS256", users.privateKey, issuer, subject);
const asWorker = () => sign("ES256", machines.privateKey, service.issuer, service.subject, service.audience);

interface Page<Item> {
  page: Item[];
}
type Paginated = { paginationOpts: { numItems: number; cursor: string | null } };

const createThread = makeFunctionReference<"mutation", Record<string, never>, string>("threads:create");
const getThread = makeFunctionReference<"query", { threadId: string }, { title: string }>("threads:get");
const listThreads = makeFunctionReference<"query", { isArchived: boolean } & Paginated, Page<{ title: string }>>(
  "threads:list",
);
const listMessages = makeFunctionReference<"query", { threadId: string } & Paginated, Page<{ text: string }>>(
  "messages:list",
);
interface Found {
  messages: { messageId: string; snippet: { text: string; matchStart: number; matchEnd: number } }[];
}
const searchAll = makeFunctionReference<"query", { text: string }, Found>("messages:search");
const project = makeFunctionReference<"mutation", Record<string, string | number>, boolean>("messages:project");

const paginationOpts = { numItems: 10, cursor: null };

describe("the product's functions", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({
      functionsFolder: join(import.meta.dirname, "../../../convex"),
      functionEnv: {
        AUTH_ISSUER: issuer,
        AUTH_JWKS_URL: await jwks(users.publicKey, "RS256"),
        SERVICE_JWKS_URL: await jwks(machines.publicKey, "ES256"),
      },
    });
  });
  afterAll(() => fixture.close());

  const http = async (token: Promise<string>): Promise<ConvexHttpClient> => {
    const client = fixture.http();
    client.setAuth(await token);
    return client;
  };

  test("a settled message that the worker projects twice appears once on its owner's page", async () => {
    const owner = fixture.client();
    owner.setAuth(() => asUser("ada"));
    const threadId = await owner.mutation(createThread, {});
    const messages = watch(owner, listMessages, { threadId, paginationOpts });
    const threads = watch(owner, listThreads, { isArchived: false, paginationOpts });
    await messages.until(() => true);

    const message = { threadId, messageId: "m1", role: "user", position: 0, parts: "[]", text: "hello", createdAt: 1 };
    const worker = await http(asWorker());
    expect(await worker.mutation(project, message)).toBe(true);
    expect(await worker.mutation(project, message)).toBe(false);
    expect((await messages.until(({ page }) => page.length > 0)).page.map(({ text }) => text)).toEqual(["hello"]);
    expect((await threads.until(({ page }) => page[0]?.title === "hello")).page).toHaveLength(1);
  });

  test("a search shows the best match first, learns of new messages, and shows nobody else's", async () => {
    const owner = fixture.client();
    owner.setAuth(() => asUser("eve"));
    const worker = await http(asWorker());
    const threadId = await owner.mutation(createThread, {});
    const say = (position: number, text: string) =>
      worker.mutation(project, {
        threadId,
        messageId: `s${position}`,
        role: "user",
        position,
        parts: "[]",
        text,
        createdAt: 1,
      });
    await say(0, "A long text in which the parser is named once among many other words");
    const found = watch(owner, searchAll, { text: "parser tokeni" });
    await found.until(({ messages }) => messages.length === 1);
    await say(1, "The parser, the tokenizer");
    const { messages } = await found.until((results) => results.messages.length === 2);
    expect(messages.map(({ messageId }) => messageId)).toEqual(["s1", "s0"]);
    expect(messages[0]?.snippet).toEqual({ text: "The parser, the tokenizer", matchStart: 4, matchEnd: 10 });
    expect(await (await http(asUser("bob"))).query(searchAll, { text: "parser" })).toMatchObject({ messages: [] });
  });

  test("another user's thread is not found, and nobody's token is asked for", async () => {
    const threadId = await (await http(asUser("ada"))).mutation(createThread, {});
    const tagOf = async (client: ConvexHttpClient): Promise<unknown> => {
      const thrown: unknown = await client.query(getThread, { threadId }).catch((error: unknown) => error);
      return thrown instanceof ConvexError ? thrown.data : thrown;
    };
    expect(await tagOf(await http(asUser("bob")))).toMatchObject({ _tag: "NotFound" });
    expect(await tagOf(fixture.http())).toMatchObject({ _tag: "TokenMissing" });
    expect(await tagOf(await http(asWorker()))).toMatchObject({ _tag: "Forbidden" });
  });
});
