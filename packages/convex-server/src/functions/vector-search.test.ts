import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture } from "../server.testing.ts";
import { applySchema } from "../storage/migration.ts";
import { noSchema, type Schema } from "../storage/schema.ts";
import { TestStore } from "../storage/store.testing.ts";
import { planVectorSearch, requireSearchable } from "../transaction/vector-plan.ts";

const { foods } = api;

describe("a vector search", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isDevelopment: true });
    await fixture.http().mutation(foods.add, {
      foods: [
        { name: "lemon", kind: "fruit", from: "south", taste: [10, 1, 0] },
        { name: "lime", kind: "fruit", from: "far south", taste: [9, 2, 0] },
        { name: "sugar", kind: "powder", from: "south", taste: [0, 5, 0] },
        { name: "salt", from: "sea", taste: [0, 0, 2] },
        { name: "without a size that fits", from: "nowhere", taste: [1, 0] },
      ],
    });
  });
  afterAll(() => fixture.close());

  const alike = async (taste: number[], more: { limit?: number; kinds?: string[]; from?: string } = {}) =>
    (await fixture.http().action(foods.alike, { taste, ...more })).map(({ name }) => name);

  test("finds the nearest by angle first, whatever their length, with their cosines", async () => {
    const found = await fixture.http().action(foods.alike, { taste: [1, 0, 0] });
    expect(found.map(({ name }) => name)).toEqual(["lemon", "lime", "sugar", "salt"]);
    expect(found.map(({ score }) => score)).toEqual([
      expect.closeTo(10 / Math.hypot(10, 1), 5),
      expect.closeTo(9 / Math.hypot(9, 2), 5),
      0,
      0,
    ]);
  });

  test("gives as many as are asked for", async () => {
    expect(await alike([0, 0, 1], { limit: 1 })).toEqual(["salt"]);
    expect(await alike([1, 0, 0], { limit: 256 })).toHaveLength(4);
  });

  test("finds what has any of the demanded values, also none", async () => {
    expect(await alike([1, 0, 0], { kinds: ["powder"] })).toEqual(["sugar"]);
    expect(await alike([1, 0, 0], { kinds: ["powder", "fruit"] })).toEqual(["lemon", "lime", "sugar"]);
    expect(await alike([1, 0, 0], { kinds: ["powder"], from: "sea" })).toEqual(["sugar", "salt"]);
    expect(await alike([1, 0, 0], { kinds: ["stone"] })).toEqual([]);
    expect(await fixture.http().action(foods.withoutKind, {})).toBe(1);
  });

  test("follows documents that change, lose their vector and go", async () => {
    const [id] = await fixture
      .http()
      .mutation(foods.add, { foods: [{ name: "chili", kind: "hot", from: "west", taste: [-1, 0, 0] }] });
    if (id === undefined) throw new Error("Nothing was added.");
    expect(await alike([-1, 0, 0], { limit: 1 })).toEqual(["chili"]);
    await fixture.http().mutation(foods.change, { id, taste: [0, -1, 0], kind: "mild" });
    expect(await alike([0, -1, 0], { kinds: ["mild"] })).toEqual(["chili"]);
    expect(await alike([0, -1, 0], { kinds: ["hot"] })).toEqual([]);
    await fixture.http().mutation(foods.change, { id, taste: [] });
    expect(await alike([0, -1, 0], { kinds: ["mild"] })).toEqual([]);
    await fixture.http().mutation(foods.change, { id, taste: [0, -2, 0] });
    expect(await alike([0, -1, 0], { limit: 1 })).toEqual(["chili"]);
    await fixture.http().mutation(foods.remove, { id });
    expect(await alike([0, -1, 0])).not.toContain("chili");
  });

  const failure = (call: Promise<unknown>): Promise<string> => call.then(String, String);
  test.each([
    [
      "too many results",
      { taste: [1, 0, 0], limit: 257 },
      "Vector queries can fetch at most 256 results, requested 257.",
    ],
    ["no results", { taste: [1, 0, 0], limit: 0 }, "Vector queries can fetch at most 256 results, requested 0."],
    ["another size", { taste: [1, 0] }, "Expected a vector with dimensions 3, received 2."],
    [
      "65 values",
      { taste: [1, 0, 0], kinds: Array.from({ length: 65 }, (_, at) => `kind ${at}`) },
      "Vector query against foods.by_taste has too many conditions. Max: 64 Actual: 65",
    ],
    ["no numbers", { taste: [Number.NaN, 0, 0] }, "A vector consists of finite numbers."],
  ])("with %s is refused", async (_, args, message) => {
    expect(await failure(fixture.http().action(foods.alike, args))).toContain(message);
  });

  test("takes 64 values, the same one as often as it comes", async () => {
    const kinds = Array.from({ length: 130 }, (_, at) => `kind ${at % 64}`);
    expect(await alike([1, 0, 0], { kinds })).toEqual([]);
  });

  test("by a field that its index does not have is refused", async () => {
    expect(await failure(fixture.http().action(foods.byUnknownField, {}))).toContain(
      'Vector query against foods.by_taste contains a filter on "name"',
    );
  });

  test("finds the same after a restart", async () => {
    await fixture.restart();
    expect(await alike([1, 0, 0])).toEqual(["lemon", "lime", "sugar", "salt"]);
  });
});

describe("a vector index", () => {
  const withIndex = (dimensions: number): Schema => ({
    isEnforced: false,
    tables: new Map([
      [
        "things",
        {
          indexes: [],
          searchIndexes: [],
          vectorIndexes: [{ name: "near", vectorField: "at", dimensions, filterFields: [] }],
          validator: { type: "any" },
        },
      ],
    ]),
  });

  test("has what was there before it, in a database that knew none, and goes with the schema that declared it", () => {
    const stored = new TestStore();
    const apply = (schema: Schema): void => stored.write(() => applySchema(stored.store, schema));
    const find = (vector: number[]): number => {
      const query = { indexName: "things.near", vector, expressions: null };
      return stored.store.committed.vectors.find(planVectorSearch(stored.store.catalog, query)).length;
    };
    stored.insert("things", { at: [1, 0] }, { at: [1, 0, 0] }, { at: "nowhere" });
    stored.store.connection.exec("DROP TABLE vector_indexes; DROP TABLE vectors; PRAGMA user_version = 2");
    stored.reopen();
    apply(withIndex(2));
    expect(find([1, 0])).toBe(1);
    apply(withIndex(3));
    expect(find([1, 0, 0])).toBe(1);
    apply(noSchema);
    expect(() => find([1, 0, 0])).toThrow("Index things.near not found.");
    expect(stored.store.connection.prepare("SELECT count(*) AS left FROM vectors").get()).toEqual({ left: 0 });
    stored.close();
  });

  test("of more vectors than can be compared in a moment is refused", () => {
    const index = {
      id: 1,
      table: { number: 1, name: "t" },
      name: "n",
      vectorField: "v",
      dimensions: 4096,
      filterFields: [],
    };
    expect(() => requireSearchable(index, 65_536)).not.toThrow();
    expect(() => requireSearchable(index, 65_537)).toThrow("compares at most 65536 vectors of 4096 dimensions");
  });
});
