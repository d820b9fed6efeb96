import { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Effect, Exit } from "effect";
import { describe, expect, test } from "vitest";
import type { SandboxClient } from "../sandbox/index.ts";
import { authorizeInOpenCode, callbackInOpenCode, giveToOpenCode } from "./opencode-login.ts";

const methods = {
  openai: [
    { type: "api", label: "Manually enter API Key" },
    { type: "oauth", label: "ChatGPT Pro/Plus (browser)" },
    { type: "oauth", label: "ChatGPT Pro/Plus (headless)" },
  ],
};
const good = { url: "https://auth.openai.com/codex/device", method: "auto", instructions: "Enter code: ABCD-12345" };

/** OpenCode that answers so by path, and what it was asked. */
const openCode = (answers: Record<string, unknown>) => {
  const asked: { path: string; method: string; body: unknown }[] = [];
  const aborted: string[] = [];
  const unused = () => Effect.die("not used");
  const sandbox: SandboxClient = {
    threadId: ThreadId.make("thread0123456789"),
    generation: Generation.make(1),
    provider: "local",
    fetch: (path, init) =>
      Effect.promise(async () => {
        const [bare = ""] = path.split("?");
        asked.push({
          path: bare,
          method: init?.method ?? "GET",
          body: init?.body ? JSON.parse(String(init.body)) : null,
        });
        init?.signal?.addEventListener("abort", () => aborted.push(bare));
        const answer = answers[bare];
        if (answer === "silent") return new Promise<Response>(() => {});
        return answer instanceof Response ? answer : Response.json(answer);
      }),
    connect: unused,
    fetchPort: unused,
    connectPort: unused,
    keyFor: unused,
    exec: unused,
    tellSecret: unused,
    markActivity: unused,
  };
  return { sandbox, asked, aborted };
};
const refusalOf = async (effect: Effect.Effect<unknown, { message: string }>) =>
  Effect.runPromise(Effect.match(effect, { onFailure: ({ message }) => message, onSuccess: () => "done" }));

describe("OpenCode's login", () => {
  test("is begun with the method that its label calls headless, wherever it stands", async () => {
    const { sandbox, asked } = openCode({ "/provider/auth": methods, "/provider/openai/oauth/authorize": good });
    expect(await Effect.runPromise(authorizeInOpenCode(sandbox))).toEqual(good);
    expect(asked.at(-1)?.body).toEqual({ method: 2 });
  });

  test.each([
    "http://auth.openai.com/codex/device",
    "javascript:alert(1)",
    "https://auth.openai.com.evil.test/",
    "https://auth.openai.com:444/",
  ])("A93: an address that leads elsewhere (%s) is shown to nobody", async (url) => {
    const answer = { ...good, url };
    const { sandbox } = openCode({ "/provider/auth": methods, "/provider/openai/oauth/authorize": answer });
    expect(await refusalOf(authorizeInOpenCode(sandbox))).toBe("OpenCode couldn't get a code from OpenAI.");
  });

  test("that isn't offered with a code is not begun with another method", async () => {
    const { sandbox, asked } = openCode({ "/provider/auth": { openai: methods.openai.slice(0, 2) } });
    expect(await refusalOf(authorizeInOpenCode(sandbox))).toMatch(/doesn't offer/);
    expect(asked).toHaveLength(1);
  });

  test("ends OpenCode's call when whoever waits for it leaves", async () => {
    const { sandbox, aborted, asked } = openCode({
      "/provider/auth": methods,
      "/provider/openai/oauth/callback": "silent",
    });
    const waiting = Effect.runFork(callbackInOpenCode(sandbox));
    await expect.poll(() => asked.length).toBe(2);
    waiting.interruptUnsafe();
    await expect.poll(() => aborted).toContain("/provider/openai/oauth/callback");
  });

  test("is over where OpenCode says so", async () => {
    const refused = Response.json({ name: "ProviderAuthOauthCallbackFailed" }, { status: 400 });
    const { sandbox } = openCode({ "/provider/auth": methods, "/provider/openai/oauth/callback": refused });
    expect(await refusalOf(callbackInOpenCode(sandbox))).toBe("This code has ended. Get a new one.");
  });

  test("gives handles and only then lets OpenCode look at them", async () => {
    const { sandbox, asked } = openCode({ "/auth/openai": true, "/instance/dispose": true });
    const auth = { type: "oauth", access: "a", refresh: "r", expires: 1, accountId: "lgn" } as const;
    expect(Exit.isSuccess(await Effect.runPromiseExit(giveToOpenCode(sandbox, auth)))).toBe(true);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /auth/openai",
      "POST /instance/dispose",
    ]);
    expect(asked[0]?.body).toEqual(auth);
  });
});
