import { expect, test } from "vitest";
import { planText } from "./plan-text.ts";

test("a plan reads as its steps, each with how it stands", () => {
  const steps = [
    { content: "Find the fault", status: "completed", priority: "high" },
    { content: "Mend it", status: "in_progress" },
    { content: "Test it", status: "pending" },
    { content: "Wait", status: "cancelled" },
    { content: "Inherited", status: "toString" },
  ];
  expect(planText(JSON.stringify(steps))).toBe("✓ Find the fault\n→ Mend it\n○ Test it\n✕ Wait\n○ Inherited");
});

test.each(["", "no JSON", '{"content":"one"}', '[{"text":"no content"}]', "[null]"])(
  "%s is no plan and stays as it is",
  (text) => {
    expect(planText(text)).toBe(text);
  },
);
