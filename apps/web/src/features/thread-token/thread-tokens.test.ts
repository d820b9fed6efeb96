import { afterEach, describe, expect, test, vi } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { threadFetch } from "./thread-fetch.ts";
import { ThreadTokens } from "./thread-tokens.ts";

const tokensAt = (fail: () => boolean = () => false) => {
  const clock = { now: 0 };
  const asked: string[] = [];
  const tokens = new ThreadTokens({
    now: () => clock.now,
    fetchToken: async (threadId) => {
      asked.push(threadId);
      if (fail()) throw new Error("refused");
      return { token: `${threadId}-${asked.length}`, expiresInSeconds: 300 };
    },
  });
  return { clock, asked, tokens };
};

afterEach(() => vi.unstubAllGlobals());

describe("thread tokens in the page", () => {
  test("one token serves until shortly before its end", async () => {
    const { clock, tokens } = tokensAt();
    expect(await tokens.get("a")).toBe("a-1");
    clock.now = 269_000;
    expect(await tokens.get("a")).toBe("a-1");
    clock.now = 270_000;
    expect(await tokens.get("a")).toBe("a-2");
  });

  test("whoever asks while a request runs shares it", async () => {
    const { asked, tokens } = tokensAt();
    await Promise.all([tokens.get("a"), tokens.get("a"), tokens.get("b")]);
    expect(asked).toEqual(["a", "b"]);
  });

  test("a refusal is not kept", async () => {
    let isDown = true;
    const { tokens } = tokensAt(() => isDown);
    await expect(tokens.get("a")).rejects.toThrow("refused");
    isDown = false;
    expect(await tokens.get("a")).toBe("a-2");
  });

  test("a forgotten token is asked for again", async () => {
    const { tokens } = tokensAt();
    await tokens.get("a");
    tokens.forget("a");
    expect(await tokens.get("a")).toBe("a-2");
  });

  test("one that is refused where it is used is replaced, and the new one kept", async () => {
    const { tokens, asked } = tokensAt();
    const used: string[] = [];
    const result = await tokens.use("a", async (token) => {
      used.push(token);
      if (token === "a-1") throw new WireFailure("TokenInvalid", "No.");
      return "let in";
    });
    expect({ result, used }).toEqual({ result: "let in", used: ["a-1", "a-2"] });
    expect(await tokens.get("a")).toBe("a-2");
    expect(asked).toHaveLength(2);
  });

  test("a request bears one, says that its text is JSON, and is repeated once where the token is refused", async () => {
    const { tokens } = tokensAt();
    const seen: (readonly [string | null, string | null])[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const headers = new Headers(init.headers);
      seen.push([headers.get("authorization"), headers.get("content-type")]);
      if (url.endsWith("/gone")) return Response.json({ error: { _tag: "NotFound", message: "No." } }, { status: 404 });
      if (seen.length > 1) return Response.json("let in");
      return Response.json({ error: { _tag: "TokenExpired", message: "No." } }, { status: 401 });
    });
    const response = await threadFetch(tokens, "a", "https://worker/route", { method: "POST", body: "{}" });
    expect(await response.json()).toBe("let in");
    await expect(threadFetch(tokens, "a", "https://worker/gone")).rejects.toMatchObject({ tag: "NotFound" });
    expect(seen).toEqual([
      ["Bearer a-1", "application/json"],
      ["Bearer a-2", "application/json"],
      ["Bearer a-2", null],
    ]);
  });
});
