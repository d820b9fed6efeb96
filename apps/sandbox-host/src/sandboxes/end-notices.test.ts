import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { Generation } from "@threadbox/contracts/ids";
import { sandboxEndsMax } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import { describe, expect, onTestFinished, test } from "vitest";
import { sandboxName } from "../host.testing.ts";
import { endsListener, memoryRecords } from "./end-notices.testing.ts";
import { fileEndRecords } from "./end-records.ts";

const generation = Schema.decodeSync(Generation);
const crashed = { status: "failed", reason: "It fell over." } as const;
const owner = "owner1";

describe("the end of a sandbox", () => {
  test("is told once, with the owner, and nothing is left to tell", async () => {
    const { notices, records, heard, told } = endsListener();
    const name = sandboxName();
    await notices.began(name, generation(3), owner);
    notices.ended(name, generation(3), crashed);
    notices.ended(name, generation(3), { status: "stopped", reason: "Again." });
    expect(await heard(1)).toEqual([{ name, generation: 3, owner, ...crashed }]);
    await expect.poll(() => records.kept.size).toBe(0);
    expect(told).toHaveLength(1);
  });

  test("is told again after longer and longer pauses until it is taken", async () => {
    const { notices, heard, listener, pauses, told, records } = endsListener();
    listener.answer = async () => {
      if (told.length < 10) throw new Error("The worker is away.");
      return [];
    };
    const name = sandboxName();
    await notices.began(name, generation(1), owner);
    notices.ended(name, generation(1), crashed);
    await heard(10);
    await expect.poll(() => records.kept.size).toBe(0);
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    expect(told).toHaveLength(10);
  });

  test("of an older generation is never told after a newer one began", async () => {
    const { notices, heard, listener, told } = endsListener();
    const name = sandboxName();
    await notices.began(name, generation(1), owner);
    const away = Promise.withResolvers<never>();
    listener.answer = () => away.promise;
    notices.ended(name, generation(1), crashed);
    await heard(1);
    await notices.began(name, generation(2), owner);
    listener.answer = async () => [];
    away.reject(new Error("The worker went away."));
    notices.ended(name, generation(1), crashed);
    notices.ended(name, generation(2), crashed);
    await heard(2);
    expect(told.map((end) => end.generation)).toEqual([1, 2]);
  });

  test("that the worker took while a newer generation ended does not hide the newer one", async () => {
    const { notices, heard, listener, told } = endsListener();
    const name = sandboxName();
    await notices.began(name, generation(1), owner);
    const taken = Promise.withResolvers<[]>();
    listener.answer = () => taken.promise;
    notices.ended(name, generation(1), crashed);
    await heard(1);
    await notices.began(name, generation(2), owner);
    notices.ended(name, generation(2), crashed);
    listener.answer = async () => [];
    taken.resolve([]);
    await heard(2);
    expect(told.map((end) => end.generation)).toEqual([1, 2]);
  });

  test("that the worker cannot take now holds up no other one", async () => {
    const { notices, heard, listener, told } = endsListener();
    const names = Array.from({ length: sandboxEndsMax + 1 }, sandboxName);
    const [busy] = names;
    const gate = Promise.withResolvers<void>();
    listener.answer = async () => {
      await gate.promise;
      return busy !== undefined && told.length <= sandboxEndsMax ? [busy] : [];
    };
    for (const name of names) await notices.began(name, generation(1), owner);
    for (const name of names) notices.ended(name, generation(1), crashed);
    gate.resolve();
    await heard(sandboxEndsMax + 2);
    expect(told.filter(({ name }) => name === busy)).toHaveLength(2);
    expect(new Set(told.map(({ name }) => name))).toEqual(new Set(names));
  });

  test("is no news where nobody asked for it, or who asked has removed the sandbox", async () => {
    const { notices, heard, told } = endsListener();
    const [nobodys, removed, other] = [sandboxName(), sandboxName(), sandboxName()];
    await notices.began(nobodys, generation(1), undefined);
    await notices.began(removed, generation(1), owner);
    await notices.began(other, generation(1), owner);
    await notices.forget(removed);
    for (const name of [nobodys, removed, other]) notices.ended(name, generation(1), crashed);
    await heard(1);
    expect(told.map(({ name }) => name)).toEqual([other]);
  });
});

describe("the next host process", () => {
  test("tells of what the earlier one lost, and of what it could not tell", async () => {
    const records = memoryRecords();
    const first = endsListener(records);
    const [lost, crashedBefore, removed] = [sandboxName(), sandboxName(), sandboxName()];
    first.listener.answer = async () => {
      throw new Error("The worker is away.");
    };
    for (const name of [lost, crashedBefore, removed]) await first.notices.began(name, generation(4), owner);
    await first.notices.forget(removed);
    first.notices.ended(crashedBefore, generation(4), crashed);
    await first.heard(1);
    await first.notices.close();

    const second = endsListener(records);
    await second.notices.recover();
    await second.heard(2);
    expect(second.told).toEqual([
      { name: lost, generation: 4, owner, status: "failed", reason: "The sandbox host stopped unexpectedly." },
      { name: crashedBefore, generation: 4, owner, ...crashed },
    ]);
    await expect.poll(() => records.kept.size).toBe(0);
  });

  test("finds on disk what was written there, and takes a damaged file for none", async () => {
    const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-ends-"));
    onTestFinished(() => fs.rm(state, { recursive: true, force: true }));
    const records = fileEndRecords(state);
    expect(await records.readAll()).toEqual(new Map());
    const [kept, damaged, removed] = [sandboxName(), sandboxName(), sandboxName()];
    const record = { generation: generation(2), owner, end: crashed };
    for (const name of [kept, damaged, removed]) await records.write(name, record);
    await fs.writeFile(path.join(state, "ends", damaged), '{"generation":');
    await records.remove(removed);
    expect(await fileEndRecords(state).readAll()).toEqual(new Map([[kept, record]]));
  });
});
