import { type SecretAuditRow, SecretId, SecretName } from "@threadbox/contracts/secrets";
import { describe, expect, test } from "vitest";
import { auditCsv, auditJson } from "./audit-export.ts";

const row = (reason: string): SecretAuditRow => ({
  sequence: 7,
  at: 0,
  actor: "user_a",
  action: "secret.rotated",
  secretId: SecretId.make("sec_0123456789abcdef"),
  name: SecretName.make("DEPLOY_KEY"),
  scope: "all",
  version: 2,
  reason,
  requestId: "r-1",
});
const reasonIn = (reason: string): string =>
  auditCsv([row(reason)])
    .split("\r\n")[1]
    ?.slice("7,1970-01-01T00:00:00.000Z,user_a,secret.rotated,sec_0123456789abcdef,DEPLOY_KEY,all,2,".length) ?? "";

describe("the audit as a table", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])("holds no formula, though a reason is %j", (reason) => {
    expect(reasonIn(reason)).toBe(`'${reason},r-1`);
  });

  test("a formula with a comma is a text, and one cell", () => {
    expect(reasonIn('=HYPERLINK("http://a","b")')).toBe('"\'=HYPERLINK(""http://a"",""b"")",r-1');
  });

  test("has a heading, and a line for each row", () => {
    expect(auditCsv([row("Why."), row("Why not.")]).split("\r\n")).toHaveLength(4);
    expect(auditCsv([])).toBe("sequence,at,actor,action,secretId,name,scope,version,reason,requestId\r\n");
  });
});

test("the audit as JSON says whether the chain was whole, and keeps every field", () => {
  expect(JSON.parse(auditJson([row("=1")], null))).toEqual({
    isWhole: true,
    brokenAt: null,
    rows: [{ ...row("=1"), at: "1970-01-01T00:00:00.000Z" }],
  });
  expect(JSON.parse(auditJson([], 3))).toMatchObject({ isWhole: false, brokenAt: 3 });
});
