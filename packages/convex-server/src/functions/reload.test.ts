import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { copyFixture, type Fixture, startFixture, watch } from "../server.testing.ts";

describe("changed functions", () => {
  let fixture: Fixture;
  let folder: string;
  let remove: () => void;
  beforeEach(async () => {
    ({ folder, remove } = copyFixture());
    fixture = await startFixture({ functionsFolder: folder });
  });
  afterEach(async () => {
    await fixture.close();
    remove();
  });

  const change = (file: string, from: string, to: string): void => {
    const path = join(folder, file);
    const before = readFileSync(path, "utf8");
    expect(before).toContain(from);
    writeFileSync(path, before.replace(from, to));
  };

  test("serve the next call, and subscribers see the new result", async () => {
    const client = fixture.client();
    const bodies = watch(client, api.messages.bodies, { thread: "reload" });
    await client.mutation(api.messages.send, { thread: "reload", body: "quiet" });
    await bodies.until((value) => value[0] === "quiet");
    change("messages.ts", "map(({ body }) => body)", "map(({ body }) => body.toUpperCase())");
    expect(await fixture.server.reload()).toBe("replaced");
    expect(await bodies.until((value) => value[0] === "QUIET")).toEqual(["QUIET"]);
  });

  test("are not loaded again when nothing has changed", async () => {
    expect(await fixture.server.reload()).toBe("unchanged");
  });

  test("that do not parse leave the old ones serving, also after several tries", async () => {
    change("messages.ts", "export const list", "export const const list");
    await expect(fixture.server.reload()).rejects.toThrow(/do not bundle: messages.ts/);
    await expect(fixture.server.reload()).rejects.toThrow(/do not bundle/);
    await fixture.http().mutation(api.messages.send, { thread: "old", body: "still here" });
    expect(await fixture.http().query(api.messages.bodies, { thread: "old" })).toEqual(["still here"]);
    change("messages.ts", "export const const list", "export const list");
    change("messages.ts", "map(({ body }) => body)", 'map(({ body }) => body + "!")');
    expect(await fixture.server.reload()).toBe("replaced");
    expect(await fixture.http().query(api.messages.bodies, { thread: "old" })).toEqual(["still here!"]);
  });

  test("that throw while loading leave the old ones serving", async () => {
    change("counters.ts", "export const get", 'throw new Error("at load");\nexport const get');
    await expect(fixture.server.reload()).rejects.toThrow(/Failed to load counters: at load/);
    expect(await fixture.http().query(api.counters.get, { name: "x" })).toBe(0);
  });

  test("that loop while loading leave the old ones serving, by name, and the next change is taken", async () => {
    const loop = "for (;;);\nexport const get";
    change("counters.ts", "export const get", loop);
    await expect(fixture.server.reload()).rejects.toThrow(/Failed to load counters: it loops/);
    expect(await fixture.http().query(api.counters.get, { name: "still served" })).toBe(0);
    change("counters.ts", loop, "export const get");
    change("messages.ts", "export const bodies", "export const again = true;\nexport const bodies");
    expect(await fixture.server.reload()).toBe("replaced");
  });

  test("with a schema that stored documents do not fit leave the old ones serving", async () => {
    await fixture.http().mutation(api.messages.send, { thread: "t", body: "b" });
    change("schema.ts", "body: v.string()", "body: v.number()");
    await expect(fixture.server.reload()).rejects.toThrow(/does not match the schema/);
    await fixture.http().mutation(api.messages.send, { thread: "t", body: "c" });
    expect(await fixture.http().query(api.messages.bodies, { thread: "t" })).toEqual(["b", "c"]);
  });

  test("with a new index find the documents that were there before", async () => {
    for (const body of ["b", "a", "c"]) await fixture.http().mutation(api.messages.send, { thread: "t", body });
    change("schema.ts", '.index("by_thread", ["thread", "order"])', '.index("by_thread", ["thread", "body"])');
    expect(await fixture.server.reload()).toBe("replaced");
    expect(await fixture.http().query(api.messages.bodies, { thread: "t" })).toEqual(["a", "b", "c"]);
  });

  test("that use components are refused by name, and those of an app without any are taken", async () => {
    const config = join(folder, "convex.config.ts");
    mkdirSync(join(folder, "limits"));
    writeFileSync(
      join(folder, "limits/convex.config.ts"),
      'import { defineComponent } from "convex/server";\nexport default defineComponent("limits");\n',
    );
    const withUse = (use: string): string =>
      `import { defineApp } from "convex/server";\nimport limits from "./limits/convex.config";\nconst app = defineApp();\n${use}export default app;\n`;
    writeFileSync(config, withUse("app.use(limits);\n"));
    await expect(fixture.server.reload()).rejects.toThrow(
      "convex.config uses components (limits), which the embedded server doesn't run.",
    );
    expect(await fixture.http().query(api.counters.get, { name: "x" })).toBe(0);
    writeFileSync(config, withUse("void limits;\n"));
    expect(await fixture.server.reload()).toBe("replaced");
  });

  test("survive a restart with their data", async () => {
    await fixture.http().mutation(api.messages.send, { thread: "t", body: "kept" });
    await fixture.restart();
    expect(await fixture.http().query(api.messages.bodies, { thread: "t" })).toEqual(["kept"]);
  });

  test("are noticed and loaded by a development server", async () => {
    await fixture.server.close();
    const watching = await startFixture({ functionsFolder: folder, isDevelopment: true });
    const client = watching.client();
    await client.mutation(api.messages.send, { thread: "w", body: "x" });
    const bodies = watch(client, api.messages.bodies, { thread: "w" });
    await bodies.until((value) => value[0] === "x");
    change("messages.ts", "map(({ body }) => body)", "map(({ body }) => body + body)");
    expect(await bodies.until((value) => value[0] === "xx")).toEqual(["xx"]);
    await watching.close();
    await fixture.restart();
  });
});
