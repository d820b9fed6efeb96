import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ValidatorJson } from "../functions/validator.ts";
import { applySchema } from "./migration.ts";
import type { Schema, TableSpec } from "./schema.ts";
import { TestStore } from "./store.testing.ts";

const fieldOf = (type: "string" | "number", optional = false): ValidatorJson => ({
  type: "object",
  value: { field: { fieldType: { type }, optional } },
});
const specOf = (validator: ValidatorJson): TableSpec => ({
  indexes: [],
  searchIndexes: [],
  vectorIndexes: [],
  validator,
});
const schemaOf = (tables: Record<string, ValidatorJson>, isEnforced = true): Schema => ({
  tables: new Map(Object.entries(tables).map(([name, validator]) => [name, specOf(validator)])),
  isEnforced,
});

describe("documents that a schema finds", () => {
  const text = schemaOf({ a: fieldOf("string"), b: fieldOf("string") });
  let stored: TestStore;
  beforeEach(() => {
    stored = new TestStore();
    apply(text);
    stored.insert("a", { field: "x" });
  });
  afterEach(() => stored.close());

  const apply = (schema: Schema): void => stored.write(() => applySchema(stored.store, schema));
  /** Changes a document past every check: whoever validates finds it. */
  const spoil = (): void => {
    stored.write(() => stored.store.connection.exec(`UPDATE documents SET document = replace(document, '"x"', '7')`));
  };

  test("are not read again while their table's validator is the same, also after a restart", () => {
    spoil();
    apply(text);
    stored.reopen();
    apply(schemaOf({ a: fieldOf("string"), b: fieldOf("number") }));
  });

  test("are read again when it has changed, and nothing changes where one does not fit", () => {
    const changed = schemaOf({ a: fieldOf("string", true), b: fieldOf("string") });
    spoil();
    expect(() => apply(changed)).toThrow(/does not match the schema/);
    // What was refused does not count as checked.
    expect(() => apply(changed)).toThrow(/does not match the schema/);
    apply(text);
  });

  test.each([
    ["was not enforced", schemaOf({ a: fieldOf("string"), b: fieldOf("string") }, false)],
    ["did not name their table", schemaOf({ b: fieldOf("string") })],
  ])("are read again after a schema that %s", (_, meanwhile) => {
    apply(meanwhile);
    spoil();
    expect(() => apply(text)).toThrow(/does not match the schema/);
  });
});
