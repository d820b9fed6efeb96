import { expect, test } from "vitest";
import { api } from "./_generated/api.js";
import { asService, backend } from "./backend.testing.ts";

test("an audit row is added once and never changed by a second append", async () => {
  const t = backend();
  const row = { auditId: "a1", at: 1, actorId: "ada", action: "sandbox.restarted", outcome: "succeeded" as const };
  const append = (action: string) => asService(t).mutation(api.audit.append, { ...row, action });
  expect([await append("sandbox.restarted"), await append("thread.deleted")]).toEqual([true, false]);
  const rows = await t.run(({ db }) => db.query("audit").collect());
  expect(rows).toMatchObject([row]);
});
