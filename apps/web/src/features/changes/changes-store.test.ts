import type { ChangedFile, Changes } from "@threadbox/contracts/changes";
import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { ChangesStore } from "./changes-store.ts";

const file = (path: string, more: Partial<ChangedFile> = {}): ChangedFile => ({
  path,
  kind: "file",
  change: "added",
  additions: 1,
  deletions: 0,
  hunks: "@@ -0,0 +1 @@\n+x\n",
  ...more,
});

const changes = (...files: readonly ChangedFile[]): Changes => ({
  roots: [],
  turns: [],
  hasAccepted: false,
  files,
  isCut: false,
});

const storeOf = (...answers: readonly (Changes | Error)[]) => {
  const left = [...answers];
  const asked: (string | undefined)[] = [];
  const store = new ChangesStore(async (_, path) => {
    asked.push(path);
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  });
  return { store, asked };
};

test("a file that is still the same stays the same object, so that what is drawn of it stays", async () => {
  const { store } = storeOf(changes(file("a"), file("b")), changes(file("a"), file("b", { additions: 2 })));
  await store.refresh();
  const [a, b] = store.read().files ?? [];
  await store.refresh();
  expect(store.read().files?.[0]).toBe(a);
  expect(store.read().files?.[1]).not.toBe(b);
});

test("nothing changed is a list without files, and the same list while it stays so", async () => {
  const { store } = storeOf(changes(), changes());
  expect(store.read().files).toBeNull();
  await store.refresh();
  const { files } = store.read();
  expect(files).toEqual([]);
  await store.refresh();
  expect(store.read().files).toBe(files);
});

test("a look that fails keeps what was seen, and says why", async () => {
  const { store } = storeOf(changes(file("a")), new WireFailure("RateLimited", "Wait."), changes());
  await store.refresh();
  await store.refresh();
  expect(store.read()).toMatchObject({ files: [{ file: { path: "a" } }], failure: { tag: "RateLimited" } });
  await store.refresh();
  expect(store.read()).toMatchObject({ files: [], failure: null });
});

test("hunks that did not fit are asked for alone, once, and kept while the counts are the same", async () => {
  const without = file("a", { hunks: null });
  const { store, asked } = storeOf(changes(without), changes(file("a")), changes(without));
  await store.refresh();
  await store.fetch("a");
  expect(store.read().files?.[0]?.hunks).toHaveLength(1);
  await store.refresh();
  expect(store.read().files?.[0]?.hunks).toHaveLength(1);
  expect(asked).toEqual([undefined, "a", undefined]);
});

test("hunks that do not fit alone either are not asked for again", async () => {
  const without = file("a", { hunks: null });
  const { store, asked } = storeOf(changes(without), changes(without));
  await store.refresh();
  await store.fetch("a");
  await store.fetch("a");
  expect([store.read().fetched.get("a"), asked.length]).toEqual(["absent", 2]);
});

test("an answer to what is no longer asked for changes nothing", async () => {
  const answers: ((answer: Changes) => void)[] = [];
  const store = new ChangesStore(() => new Promise((answer) => answers.push(answer)));
  const first = store.refresh();
  store.ask({ turnId: "t1" });
  answers.shift()?.(changes(file("old")));
  await Promise.resolve();
  await expect.poll(() => answers.length).toBe(1);
  expect(store.read()).toMatchObject({ asked: { turnId: "t1" }, files: null });
  answers.shift()?.(changes(file("new")));
  await first;
  expect(store.read().files?.map((each) => each.file.path)).toEqual(["new"]);
});
