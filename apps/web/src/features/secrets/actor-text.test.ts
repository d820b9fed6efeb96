import { expect, test } from "vitest";
import { actorText } from "./actor-text.ts";

test("whoever did it is named for people", () => {
  expect(actorText("vault")).toBe("The vault");
  expect(actorText("sandbox:abcd0123456789wxyz")).toBe("Sandbox (abcd…wxyz)");
  expect(actorText("user_0123456789")).toBe("user…6789");
});
