import { expect, test } from "vitest";
import { actorText, auditWish } from "./audit-filter.ts";

test("the page's words for a deed are asked for in the worker's", () => {
  expect(auditWish("  Handed out MODEL_API_KEY ")).toBe("secret.leased model_api_key");
  expect(auditWish("failed its check, rolled back")).toBe("secret.check_failed");
  expect(auditWish("v2 revoked")).toBe("v2 secret.revoked");
});

test("whoever did it is named for people", () => {
  expect(actorText("vault")).toBe("The vault");
  expect(actorText("sandbox:abcd0123456789wxyz")).toBe("Sandbox (abcd…wxyz)");
  expect(actorText("user_0123456789")).toBe("user…6789");
});
