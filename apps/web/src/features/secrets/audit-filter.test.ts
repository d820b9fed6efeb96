import { type SecretAuditRow, SecretId, SecretName } from "@threadbox/contracts/secrets";
import { expect, test } from "vitest";
import { filterAudit } from "./audit-filter.ts";

const row = (name: string, action: SecretAuditRow["action"], actor: string): SecretAuditRow => ({
  sequence: 1,
  at: 0,
  actor,
  action,
  secretId: SecretId.make("sec_0123456789abcdef"),
  name: SecretName.make(name),
  scope: "all",
  version: 1,
  reason: "Quarterly.",
  requestId: "r-1",
});
const rows = [row("A_KEY", "secret.rotated", "user_a"), row("B_KEY", "secret.leased", "sandbox:thread-b")];

test("a row is found by any of its words, and by all that are typed", () => {
  const found = (wish: string) => filterAudit(rows, wish).map(({ name }) => name);
  expect(found("")).toEqual(["A_KEY", "B_KEY"]);
  expect(found("key quarterly")).toEqual(["A_KEY", "B_KEY"]);
  expect(found("Rotated")).toEqual(["A_KEY"]);
  expect(found("handed b_key thread-b")).toEqual(["B_KEY"]);
  expect(found("rotated b_key")).toEqual([]);
});
