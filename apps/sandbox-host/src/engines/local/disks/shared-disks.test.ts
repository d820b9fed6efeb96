import { expect, test } from "vitest";
import { sandboxName } from "../../../host.testing.ts";
import type { SandboxDisks } from "./sandbox-disks.ts";
import { SharedDisks } from "./shared-disks.ts";

const paths = { workspace: "/w", home: "/h" };

/** Disks whose opening and closing the test sees, and whose closing waits for `letClose`. */
const sharedDisks = () => {
  const events: string[] = [];
  const closing = Promise.withResolvers<void>();
  const failures: Error[] = [];
  const disks = new SharedDisks(
    async (): Promise<SandboxDisks> => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      events.push("open");
      const close = async () => {
        await closing.promise;
        events.push("close");
      };
      const disks: SandboxDisks = { paths, sources: paths, namespace: undefined, movedTo: () => disks, close };
      return disks;
    },
    (error) => events.push(String(error)),
  );
  return {
    disks,
    events,
    failures,
    letClose: () => closing.resolve(),
    letFail: () => closing.reject(new Error("busy")),
  };
};

test("disks are opened once for all who use them and closed after the last, who may say so twice", async () => {
  const { disks, events, letClose } = sharedDisks();
  letClose();
  const name = sandboxName();
  const [one, other] = await Promise.all([disks.use(name), disks.use(name)]);
  expect(one.disks).toBe(other.disks);
  one.release();
  one.release();
  await disks.closed(name);
  expect(events).toEqual(["open"]);
  other.release();
  await disks.closed(name);
  expect(events).toEqual(["open", "close"]);
});

test("disks that are being closed are opened again only afterwards", async () => {
  const { disks, events, letClose } = sharedDisks();
  const name = sandboxName();
  (await disks.use(name)).release();
  const next = disks.use(name);
  letClose();
  await next;
  expect(events).toEqual(["open", "close", "open"]);
});

test("disks that were not closed properly can still be opened again, and the fault is told", async () => {
  const { disks, events, letFail } = sharedDisks();
  const name = sandboxName();
  (await disks.use(name)).release();
  letFail();
  await disks.use(name);
  expect(events).toEqual(["open", "Error: busy", "open"]);
});

test("a failure to open is told to whoever asked, and the next one tries again", async () => {
  const { disks, failures } = sharedDisks();
  const name = sandboxName();
  failures.push(new Error("no loop device"));
  await expect(disks.use(name)).rejects.toThrow("no loop device");
  expect((await disks.use(name)).disks.paths).toEqual(paths);
});

const patience = { waitMsMax: 60_000, tooLate: () => new Error("too late") };

test("whoever wants disks alone waits for those who have them, and others wait until that is over", async () => {
  const { disks, events, letClose } = sharedDisks();
  letClose();
  const name = sandboxName();
  const first = await disks.use(name);
  const done = Promise.withResolvers<void>();
  const alone = disks.alone(
    name,
    async () => {
      events.push("alone");
      await done.promise;
      events.push("over");
    },
    patience,
  );
  const next = disks.use(name);
  first.release();
  await expect.poll(() => events).toContain("alone");
  done.resolve();
  await alone;
  await next;
  expect(events).toEqual(["open", "close", "alone", "over", "open"]);
});

test("who has disks for too long is not waited for, and a deed that fails leaves them to others", async () => {
  const { disks, letClose } = sharedDisks();
  letClose();
  const name = sandboxName();
  const { release } = await disks.use(name);
  await expect(disks.alone(name, async () => {}, { ...patience, waitMsMax: 1 })).rejects.toThrow("too late");
  release();
  await expect(disks.alone(name, () => Promise.reject(new Error("no room")), patience)).rejects.toThrow("no room");
  expect((await disks.use(name)).disks.paths).toEqual(paths);
});
