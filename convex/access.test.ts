import { makeFunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { api } from "./_generated/api.js";
import {
  asService,
  asUser,
  type Backend,
  backend,
  entryOf,
  firstPage,
  messageOf,
  outcomeOf,
  sandboxOf,
} from "./backend.testing.ts";

/**
 * One row per public function: its arguments, and what becomes of a call by the thread's owner, by another user, by
 * nobody and by the worker. `user` functions concern the caller alone, `owner` functions one thread of the caller, `admin` functions
 * everybody.
 */
const rows: Record<string, { for: keyof typeof outcomes; args: (threadId: string) => Record<string, unknown> }> = {
  "audit:append": {
    for: "service",
    args: (threadId) => ({
      auditId: "a1",
      at: 1,
      actorId: "ada",
      action: "thread.opened",
      outcome: "succeeded",
      threadId,
    }),
  },
  "audit:list": { for: "user", args: () => ({ paginationOpts: firstPage }) },
  "audit:listAll": { for: "admin", args: () => ({ paginationOpts: firstPage }) },
  "journal:append": { for: "service", args: (threadId) => entryOf(threadId) },
  "journal:list": { for: "owner", args: (threadId) => ({ threadId, paginationOpts: firstPage }) },
  "messages:list": { for: "owner", args: (threadId) => ({ threadId, paginationOpts: firstPage }) },
  "messages:project": { for: "service", args: (threadId) => messageOf(threadId) },
  "messages:search": { for: "user", args: () => ({ text: "plans" }) },
  "messages:select": { for: "service", args: (threadId) => ({ threadId, leafId: "m0" }) },
  "messages:truncate": { for: "service", args: (threadId) => ({ threadId, fromPosition: 0 }) },
  "sandboxes:get": { for: "owner", args: (threadId) => ({ threadId }) },
  "sandboxes:listRunning": { for: "admin", args: () => ({}) },
  "sandboxes:report": { for: "service", args: (threadId) => sandboxOf(threadId) },
  "sandboxes:running": { for: "service", args: () => ({}) },
  "threads:access": { for: "service", args: (threadId) => ({ threadId }) },
  "threads:createNamed": { for: "service", args: () => ({ sandboxId: "test-1", ownerId: "ada" }) },
  "threads:named": { for: "service", args: () => ({ sandboxId: "test-1" }) },
  "threads:searchBeside": { for: "service", args: (threadId) => ({ threadId, text: "plans" }) },
  "threads:removeNamed": { for: "service", args: (threadId) => ({ threadId }) },
  "threads:create": { for: "user", args: () => ({}) },
  "threads:get": { for: "owner", args: (threadId) => ({ threadId }) },
  "threads:list": { for: "user", args: () => ({ isArchived: false, paginationOpts: firstPage }) },
  "threads:markRead": { for: "owner", args: (threadId) => ({ threadId }) },
  "threads:remove": { for: "owner", args: (threadId) => ({ threadId }) },
  "threads:rename": { for: "owner", args: (threadId) => ({ threadId, title: "Plans" }) },
  "threads:restore": { for: "owner", args: (threadId) => ({ threadId }) },
  "threads:search": { for: "user", args: () => ({ text: "plans" }) },
  "threads:setActivity": { for: "service", args: (threadId) => ({ threadId, activity: "queued", since: 1 }) },
  "threads:setArchived": { for: "owner", args: (threadId) => ({ threadId, isArchived: true }) },
  "threads:setOpenCode": { for: "owner", args: (threadId) => ({ threadId, isOn: false }) },
  "threads:setPinned": { for: "owner", args: (threadId) => ({ threadId, isPinned: true }) },
  "users:ensure": { for: "user", args: () => ({ name: "Ada", email: "ada@example.com" }) },
  "users:named": { for: "admin", args: () => ({ userIds: ["ada"] }) },
  "users:setOpenCode": { for: "user", args: () => ({ isOn: false }) },
  "users:me": { for: "user", args: () => ({}) },
};

const outcomes = {
  user: { owner: "ok", other: "ok", otherAdmin: "ok", anonymous: "TokenMissing", service: "Forbidden" },
  owner: { owner: "ok", other: "NotFound", otherAdmin: "NotFound", anonymous: "TokenMissing", service: "Forbidden" },
  admin: {
    owner: "Forbidden",
    other: "Forbidden",
    otherAdmin: "ok",
    anonymous: "TokenMissing",
    service: "Forbidden",
  },
  service: {
    owner: "Forbidden",
    other: "Forbidden",
    otherAdmin: "Forbidden",
    anonymous: "TokenMissing",
    service: "ok",
  },
} as const;

const callers = {
  owner: (t: Backend) => asUser(t, "ada"),
  other: (t: Backend) => asUser(t, "max"),
  otherAdmin: (t: Backend) => asUser(t, "root", "admin"),
  anonymous: (t: Backend) => t,
  service: asService,
} as const;

interface Registered {
  isPublic?: boolean;
  isQuery?: boolean;
  exportReturns?: () => string;
}

const isRegistered = (value: unknown): value is Registered =>
  typeof value === "function" && ["isQuery", "isMutation", "isAction"].some((kind) => kind in value);

const modules = import.meta.glob<Record<string, unknown>>(["./**/*.ts", "!./**/*.*.ts", "!./_generated/**"], {
  eager: true,
});
const registered = Object.entries(modules).flatMap(([file, exports]) =>
  Object.entries(exports).flatMap(([name, value]) =>
    isRegistered(value)
      ? [
          {
            path: `${file.slice(2, -3)}:${name}`,
            isPublic: value.isPublic ?? false,
            isQuery: value.isQuery ?? false,
            returns: value.exportReturns?.(),
          },
        ]
      : [],
  ),
);
const published = registered.filter(({ isPublic }) => isPublic);

const call = (caller: Pick<Backend, "query" | "mutation">, path: string, args: Record<string, unknown>) => {
  const isQuery = registered.find((entry) => entry.path === path)?.isQuery ?? false;
  return isQuery
    ? caller.query(makeFunctionReference<"query">(path), args)
    : caller.mutation(makeFunctionReference<"mutation">(path), args);
};

describe("the access matrix", () => {
  test("has exactly one row for every public function", () => {
    expect(published.map(({ path }) => path).sort()).toEqual(Object.keys(rows).sort());
  });

  const cells = published.flatMap(({ path }) =>
    (Object.keys(callers) as (keyof typeof callers)[]).map((caller) => [path, caller] as const),
  );

  test.each(cells)("%s called by %s", async (path, caller) => {
    const row = rows[path];
    if (row === undefined) throw new Error(`${path} has no row in the access matrix.`);
    const t = backend();
    const threadId = await callers.owner(t).mutation(api.threads.create, {});
    expect(await outcomeOf(call(callers[caller](t), path, row.args(threadId)))).toBe(outcomes[row.for][caller]);
  });

  const ofThread = published.filter(({ path }) => rows[path]?.for === "owner").map(({ path }) => path);

  test.each(ofThread)("%s says the same of a garbage id, a missing thread and a deleted one", async (path) => {
    const t = backend();
    const owner = callers.owner(t);
    const missing = await owner.mutation(api.threads.create, {});
    await t.run(({ db }) => db.delete(missing));
    const ids = ["", "../b1", "__proto__", "x".repeat(5_000), missing];
    if (path !== "threads:restore") {
      const deleted = await owner.mutation(api.threads.create, {});
      await owner.mutation(api.threads.remove, { threadId: deleted });
      ids.push(deleted);
    }
    for (const id of ids) expect(await outcomeOf(call(owner, path, rows[path]?.args(id) ?? {}))).toBe("NotFound");
  });
});

describe("every function", () => {
  test.each(registered.map(({ path, returns }) => [path, returns] as const))(
    "%s declares what it returns",
    (_, returns) => {
      expect(returns).toBeTypeOf("string");
      expect(JSON.parse(returns ?? "null")).not.toBeNull();
    },
  );

  test("is declared through functions.ts, the only importer of the raw builders", () => {
    const sources = import.meta.glob<string>(["./**/*.ts", "!./_generated/**", "!./access.test.ts"], {
      eager: true,
      query: "?raw",
      import: "default",
    });
    const importers = Object.entries(sources)
      .filter(([, text]) => /^import (?!type )[^;]*_generated\/server/m.test(text))
      .map(([file]) => file);
    expect(importers).toEqual(["./functions.ts"]);
  });
});
