import { Writable } from "node:stream";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { messageOf } from "../faults.ts";
import { type Fixture, startFixture, watch } from "../server.testing.ts";
import { diskFullFault } from "./disk-full.ts";
import { SmallDisk } from "./small-disk.testing.ts";

/** More than the write-ahead log has room for once the disk is full. */
const length = 900_000;

describe.skipIf(!SmallDisk.isPossible)("a full disk", () => {
  let disk: SmallDisk;
  let fixture: Fixture;
  const logged = new Set<string>();
  const listeners = new Set<() => void>();
  const log = pino(
    { level: "warn" },
    new Writable({
      write(line, _encoding, done) {
        logged.add(JSON.parse(String(line)).msg);
        for (const listener of listeners) listener();
        done();
      },
    }),
  );
  const untilLogged = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if ([...logged].some((message) => message.includes(text))) resolve();
      };
      listeners.add(look);
      look();
    });

  beforeAll(async () => {
    disk = new SmallDisk(32);
    fixture = await startFixture({ stateFolder: `${disk.folder}/state`, log });
  });
  afterAll(async () => {
    await fixture.close();
    disk.remove();
  });

  test("refuses writes with clear words, loses and halves nothing, goes on reading, and takes writes again", async () => {
    const client = fixture.client();
    const kept = await fixture.http().mutation(api.messages.send, { thread: "kept", body: "kept" });
    const bodies = watch(client, api.messages.bodies, { thread: "kept" });
    await bodies.until((value) => value.length === 1);
    const due = await client.mutation(api.jobs.storeLater, { length, delayMs: 1_500 });
    const state = watch(client, api.jobs.state, { id: due });
    await state.until((value) => value?.kind === "pending");
    disk.fill();

    const overHttp = await fetch(`${fixture.url}/api/mutation`, {
      method: "POST",
      body: JSON.stringify({ path: "values:storeText", args: { length } }),
    });
    expect(overHttp.status).toBe(503);
    expect(await overHttp.json()).toMatchObject({ code: "DiskFull", message: expect.stringContaining("disk is full") });
    await expect(client.mutation(api.values.storeText, { length })).rejects.toThrow(/disk is full/);
    await expect(client.mutation(api.values.storeRegardless, { length })).rejects.toThrow(/disk is full/);
    expect(await fixture.http().query(api.messages.get, { id: kept })).toMatchObject({ body: "kept" });
    expect(await watch(fixture.client(), api.messages.bodies, { thread: "kept" }).until(() => true)).toEqual(["kept"]);

    await untilLogged("waits until there is room");
    expect(await fixture.http().query(api.jobs.state, { id: due })).toEqual({ kind: "pending" });

    disk.makeRoom();
    expect(await state.until((value) => value?.kind !== "pending")).toEqual({ kind: "success" });
    await client.mutation(api.messages.send, { thread: "kept", body: "again" });
    expect(await bodies.until((value) => value.length === 2)).toEqual(["kept", "again"]);
    // One of the job, none of those that were refused.
    expect(await fixture.http().query(api.values.countAnything, {})).toBe(1);
  });

  test("keeps no server from ending in order, is told to whoever starts one, and costs nothing that was kept", async () => {
    const before = await fixture.http().query(api.messages.bodies, { thread: "kept" });
    disk.fill();
    // What an end leaves of the write-ahead log is room for a start, so it is taken, too.
    const refusal = await fixture.restart(0, async () => disk.fill()).catch(messageOf);
    expect(refusal).toMatch(/^The disk of .* is full\. Make room, and start the server again\.$/);
    disk.makeRoom();
    await fixture.restart();
    expect(await fixture.http().query(api.messages.bodies, { thread: "kept" })).toEqual(before);
  });
});

test("only what a full disk makes is called one", () => {
  const failed = (errcode: number) => Object.assign(new Error("failed"), { errcode });
  expect(diskFullFault(failed(13), "/")?.code).toBe("DiskFull");
  expect(diskFullFault(failed(19), "/")).toBeNull();
  expect(diskFullFault(failed(10), "/")).toBeNull();
  expect(diskFullFault(new Error("other"), "/")).toBeNull();
});
