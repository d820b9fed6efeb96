import { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { beforeEach, describe, expect, test } from "vitest";
import type { SandboxClient } from "../sandbox/index.ts";
import { recordings } from "./all-recordings.testing.ts";
import { OpenCodeDouble } from "./opencode-double.testing.ts";
import { getReady } from "./ready-opencode.ts";
import type { OpenCodeEvent } from "./wire.ts";

const heartbeat = { type: "server.heartbeat", properties: {} } as unknown as OpenCodeEvent;
const idle = { type: "session.idle", properties: { sessionID: "ses_1" } } as OpenCodeEvent;

/** Lets whatever reads along read what was sent. */
const heard = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await new Promise((done) => setImmediate(done));
};

describe("an OpenCode that was made ready", () => {
  let double: OpenCodeDouble;
  let sandbox: SandboxClient;
  beforeEach(async () => {
    double = new OpenCodeDouble(recordings);
    sandbox = double.sandbox(ThreadId.make("thread0123456789abcd"));
    await Effect.runPromise(sandbox.fetch("/session", { method: "POST" }));
  });
  const ready = (sessionId: string | null) => Effect.runPromise(getReady(sandbox, sessionId));
  const textOf = ({ value }: ReadableStreamReadResult<Uint8Array>) => new TextDecoder().decode(value);

  test("tells whoever takes it what comes from then on, and nothing of what came before", async () => {
    const waiting = await ready("ses_1");
    double.emit(heartbeat);
    await heard();
    const taken = waiting.take();
    double.emit(idle);
    const piece = await taken?.events.read();
    expect(piece && textOf(piece)).toContain("session.idle");
    expect(taken?.sessionId).toBe("ses_1");
  });

  test("knows its session no longer once anything was told that may be about it", async () => {
    const waiting = await ready("ses_1");
    double.emit(idle);
    await heard();
    expect(waiting.take()?.sessionId).toBeNull();
  });

  test("knows no session that OpenCode has lost", async () => {
    expect((await ready("ses_9")).take()?.sessionId).toBeNull();
  });

  test("is not there any more once its connection has ended", async () => {
    const waiting = await ready("ses_1");
    double.cut();
    await heard();
    expect(waiting.isOpen()).toBe(false);
    expect(waiting.take()).toBeNull();
  });

  test("can be taken once", async () => {
    const waiting = await ready(null);
    expect(waiting.take()).not.toBeNull();
    expect(waiting.take()).toBeNull();
  });

  test("leaves no connection where OpenCode cannot be asked for the session", async () => {
    double.silent.add("/session/ses_1");
    const asked = Effect.runPromise(Effect.exit(Effect.timeout(getReady(sandbox, "ses_1"), "50 millis")));
    expect((await asked)._tag).toBe("Failure");
    expect(double.streamCount).toBe(0);
  });
});
