import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ValidatorJson } from "../functions/validator.ts";
import { patchDocument } from "../transaction/writes.ts";
import { applySchema } from "./migration.ts";
import type { Schema } from "./schema.ts";
import { SchemaChecks } from "./schema-checks.ts";
import { TestStore } from "./store.testing.ts";

const count = 1_000;

const schemaOf = (type: "string" | "any"): Schema => {
  const validator: ValidatorJson = { type: "object", value: { field: { fieldType: { type }, optional: false } } };
  const spec = { indexes: [], searchIndexes: [], vectorIndexes: [], validator };
  return { tables: new Map([["things", spec]]), isEnforced: true };
};

describe("documents that are checked before a schema takes over", () => {
  let stored: TestStore;
  let ids: string[];
  beforeEach(() => {
    stored = new TestStore();
    stored.write(() => applySchema(stored.store, schemaOf("any")));
    ids = stored.insert("things", ...Array.from({ length: count }, () => ({ field: "text" })));
  });
  afterEach(() => stored.close());

  const takeOver = (checks: SchemaChecks): void =>
    stored.write(() => applySchema(stored.store, schemaOf("string"), checks));
  const change = (id: string | undefined, field: string | number): void =>
    stored.write((transaction) => patchDocument(transaction, id ?? null, undefined, { field }));
  /** Past every check and every listener: whoever reads the document again finds it. */
  const spoil = (id: string | undefined): void =>
    stored.write(() => {
      stored.store.connection
        .prepare(`UPDATE documents SET document = replace(document, '"text"', '7') WHERE id = ?`)
        .run(id ?? null);
    });

  test("are not read again when it does, but for those that were written meanwhile", async () => {
    const checks = await SchemaChecks.of(stored.store, schemaOf("string"));
    spoil(ids[0]);
    change(ids[1], "another text");
    takeOver(checks);
  });

  test("keep it from taking over where one was written meanwhile that doesn't fit", async () => {
    const checks = await SchemaChecks.of(stored.store, schemaOf("string"));
    change(ids[count - 1], 7);
    expect(() => takeOver(checks)).toThrow(/does not match the schema/);
    change(ids[count - 1], "text");
    takeOver(checks);
  });

  test("are checked in turns between which others write, also what is written before its turn comes", async () => {
    const checking = SchemaChecks.of(stored.store, schemaOf("string"));
    for (const id of ids) change(id, "changed while it went on");
    const [added] = stored.insert("things", { field: 7 });
    const refused = await checking.then(
      (checks) => () => takeOver(checks),
      (thrown) => () => {
        throw thrown;
      },
    );
    expect(refused).toThrow(new RegExp(`${added}[\\s\\S]*does not match the schema`));
  });

  test("name the first that doesn't fit, and what to do", async () => {
    change(ids[500], 7);
    await expect(SchemaChecks.of(stored.store, schemaOf("string"))).rejects.toThrow(
      new RegExp(`${ids[500]}[\\s\\S]*Path: \\.field[\\s\\S]*v\\.string`),
    );
  });
});
