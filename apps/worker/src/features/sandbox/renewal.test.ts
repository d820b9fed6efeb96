import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { makeLifecycleUnderTest } from "./lifecycle.testing.ts";
import { asksForPassword } from "./stub-host.testing.ts";

const threadId = newThreadId();
const startsOf = ({ world }: ReturnType<typeof makeLifecycleUnderTest>) =>
  world.host.requests.filter(({ method }) => method === "PUT").length;

describe("renewing a sandbox", () => {
  test("starts it again with another password, and the one before opens nothing", async () => {
    const it = makeLifecycleUnderTest();
    it.world.host.opens = asksForPassword;
    const old = await it.run((sandbox) => sandbox.ensure(threadId));
    expect(await it.run((sandbox) => sandbox.renew(threadId))).toEqual({ before: 1, after: 2, downMs: 0 });
    const now = await it.run((sandbox) => sandbox.ensure(threadId));
    expect(now.password).not.toBe(old.password);
    const asked = it.world.host.requests.map(({ headers }) => headers.get("x-forward-authorization"));
    for (const { password } of [old, now]) expect(asked).toContain(`Basic ${btoa(`opencode:${password}`)}`);
  });

  test("fails where OpenCode still takes the old password", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.host.opens = () => true;
    expect(await it.outcome((sandbox) => sandbox.renew(threadId))).toBe("SandboxUnavailableError");
  });

  test("fails where OpenCode refuses its own password", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.host.opens = () => false;
    expect(await it.outcome((sandbox) => sandbox.renew(threadId))).toBe("SandboxUnavailableError");
  });

  test.each(["never started", "asleep"])("starts nothing that is %s", async (state) => {
    const it = makeLifecycleUnderTest();
    if (state === "asleep") {
      await it.run((sandbox) => sandbox.ensure(threadId));
      await it.pass(16 * 60_000);
    }
    const before = startsOf(it);
    expect(await it.run((sandbox) => sandbox.renew(threadId))).toBeNull();
    expect(startsOf(it)).toBe(before);
  });

  test("ends the sandbox of a thread that is gone, and starts no other", async () => {
    const it = makeLifecycleUnderTest();
    await it.run((sandbox) => sandbox.ensure(threadId));
    it.world.alarmAt = null;
    await it.pass(60_000);
    it.world.access = false;
    expect(await it.outcome((sandbox) => sandbox.renew(threadId))).toBe("SandboxNotFoundError");
    expect(startsOf(it)).toBe(1);
  });
});
