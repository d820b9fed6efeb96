import { Generation } from "@threadbox/contracts/ids";
import { Effect, Layer } from "effect";
import { describe, expect, onTestFinished, test } from "vitest";
import { WorkerConfig } from "../../config.ts";
import { newThreadId, signToken } from "../../testing/tokens.testing.ts";
import { requireSandbox } from "./door.ts";
import { testConfig } from "./lifecycle.testing.ts";
import { someName } from "./provider.contract.testing.ts";
import { signSandboxCredential } from "./sandbox-credential.ts";
import { runningSandboxes } from "./sandboxes.testing.ts";

const threadId = newThreadId();
const current = Generation.make(4);
const config = testConfig();

/** Only one generation of one thread runs. */
const running = { generation: current };
const services = Layer.mergeAll(
  Layer.succeed(WorkerConfig, config),
  runningSandboxes((id, generation) => id === threadId && generation === running.generation),
);

const sandbox_name = someName("d");
const credential = (generation = current, thread = threadId) =>
  Effect.runPromise(
    signSandboxCredential(
      { sandbox_name, thread_id: thread, generation, iat: 1_800_000_000 },
      config.sandboxCredentialKey,
    ),
  );
const showing = (authorization: string | null, headers: Record<string, string> = {}) =>
  new Request("http://worker.test/internal/model/v1/models", {
    headers: { ...(authorization === null ? {} : { authorization }), ...headers },
  });

const outcome = (request: Request) =>
  Effect.runPromise(
    Effect.match(requireSandbox(request), {
      onSuccess: (sandbox) => sandbox,
      onFailure: (error) => error.wireTag,
    }).pipe(Effect.provide(services)),
  );

describe("a sandbox's door", () => {
  test("opens to the running generation, and says whose it is", async () => {
    const proven = { sandbox_name, thread_id: threadId, generation: current };
    expect(await outcome(showing(`Bearer ${await credential()}`))).toEqual(proven);
  });

  test("shuts for a credential that it has let in before, once its generation has ended", async () => {
    const authorization = `Bearer ${await credential()}`;
    expect(await outcome(showing(authorization))).toMatchObject({ generation: current });
    running.generation = Generation.make(5);
    onTestFinished(() => {
      running.generation = current;
    });
    expect(await outcome(showing(authorization))).toBe("TokenInvalid");
  });

  test("stays shut for a credential that differs in its last character from one that was let in", async () => {
    const valid = await credential();
    expect(await outcome(showing(`Bearer ${valid}`))).toMatchObject({ generation: current });
    const other = valid.endsWith("A") ? "Q" : "A";
    expect(await outcome(showing(`Bearer ${valid.slice(0, -1)}${other}`))).toBe("TokenInvalid");
  });

  test.each<[string, () => Promise<Request>, string]>([
    ["no credential", async () => showing(null), "TokenMissing"],
    [
      "a generation that has ended",
      async () => showing(`Bearer ${await credential(Generation.make(3))}`),
      "TokenInvalid",
    ],
    [
      "a generation that is yet to come",
      async () => showing(`Bearer ${await credential(Generation.make(5))}`),
      "TokenInvalid",
    ],
    [
      "another thread's sandbox",
      async () => showing(`Bearer ${await credential(current, newThreadId())}`),
      "TokenInvalid",
    ],
    ["a thread token", async () => showing(`Bearer ${await signToken(threadId)}`), "TokenInvalid"],
    ["a provider's key", async () => showing("Bearer sk-canary-2f7d1c9ab04e"), "TokenInvalid"],
    [
      "two credentials",
      async () => showing(`Bearer ${await credential()}, Bearer ${await credential()}`),
      "TokenMissing",
    ],
    [
      "a browser, whatever it shows",
      async () => showing(`Bearer ${await credential()}`, { origin: config.appOrigin }),
      "OriginRejected",
    ],
  ])("stays shut for %s", async (_, request, tag) => {
    expect(await outcome(await request())).toBe(tag);
  });
});
